export { joinFleet, type Joined } from "./join-fleet.js";
export { authorityCertificate, hasAuthority, initAuthority } from "../../core/pki/authority-files.js";
export { certificateFingerprint } from "../../core/pki/peer-identity.js";
