import type { ChannelOptions } from "@grpc/grpc-js";

/** Prompts of the default limit, captures of 2000 wide lines and long answers fit with room to spare. */
const maxMessageBytes = 64 * 1024 * 1024;

export const channelOptions: ChannelOptions = {
  "grpc.max_receive_message_length": maxMessageBytes,
  "grpc.max_send_message_length": maxMessageBytes,
  "grpc.enable_http_proxy": 0,
  // Pings only while calls are open: an idle daemon has nothing to do.
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 0,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2_000,
};

/** For connections to other machines: one that is dead is found within 3 s, whether a call is open or not. */
export const remoteChannelOptions: ChannelOptions = {
  ...channelOptions,
  "grpc.keepalive_time_ms": 1_500,
  "grpc.keepalive_timeout_ms": 1_300,
  "grpc.keepalive_permit_without_calls": 1,
  "grpc.max_concurrent_streams": 1_000,
};

/** For a node, which does what it was asked whether its coordinator is still there or not: a thousand of them would ping it for nothing. */
export const patientChannelOptions: ChannelOptions = {
  ...remoteChannelOptions,
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
};
