import type { Plugin } from "esbuild";

/** Bundles every program into `outdir`. */
export function buildAll(options: { outdir: string; plugins?: Plugin[] }): Promise<void>;
