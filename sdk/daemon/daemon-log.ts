import { join } from "node:path";

/** Where the background process writes what it has to say. */
export const daemonLog = (dataDir: string): string => join(dataDir, "daemon.log");
