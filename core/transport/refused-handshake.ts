/** Why a handshake failed, in words, by the codes of OpenSSL and of Node's own check (Node 20, OpenSSL 3.0). */
export function refusedHandshake({ code = "", message }: { code?: string | undefined; message: string }): string {
  switch (code) {
    case "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE":
    case "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED":
      return "no certificate was shown";
    case "CERT_HAS_EXPIRED":
    case "ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED":
    case "ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED":
      return "the certificate has expired";
    case "CERT_NOT_YET_VALID":
      return "the certificate is not valid yet (one of the clocks may be wrong)";
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "CERT_SIGNATURE_FAILURE":
    case "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA":
    case "ERR_SSL_SSL/TLS_ALERT_UNKNOWN_CA":
      return "the certificate is of another CA";
    case "INVALID_PURPOSE":
      return "the certificate is not for this use";
    case "ERR_SSL_UNSUPPORTED_PROTOCOL":
    case "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION":
      return "an older version of TLS was spoken";
    case "ERR_SSL_HTTP_REQUEST":
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "ERR_SSL_PACKET_LENGTH_TOO_LONG":
      return "no TLS was spoken";
    case "ERR_TLS_HANDSHAKE_TIMEOUT":
      return "the handshake did not end in time";
    case "ECONNRESET":
      return "the other side hung up in the handshake";
    default:
      return message;
  }
}
