import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./package-root.js";

/** Put in by the build; absent when the sources run as they are. */
declare const DISPATCH_VERSION: string | undefined;

export const version: string =
  typeof DISPATCH_VERSION === "string"
    ? DISPATCH_VERSION
    : (JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string }).version;
