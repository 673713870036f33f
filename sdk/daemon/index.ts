export { daemonStatus, takeDown, type DaemonStatus } from "./daemon-control.js";
export { ensureDaemon, type Ensured } from "./ensure-daemon.js";
export { runDaemon } from "./run-daemon.js";
