/** What a JavaScript runtime was told to run. */
export interface ScriptArgument {
  /** A file, as it stands in the arguments; or a package of npm (`npm:…`, Deno). */
  readonly kind: "file" | "package";
  readonly value: string;
}

export type Runtime = "node" | "bun" | "deno";

/** Options that take the next argument as their value, where none is joined to them by an equals sign (Node 20, Bun 1.2, Deno 2). */
const optionsWithValue: Record<Runtime, ReadonlySet<string>> = {
  node: new Set([
    "-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--conditions", "--env-file", "--env-file-if-exists", "--input-type",
    "--experimental-default-type", "--title", "--inspect-port", "--debug-port", "--openssl-config", "--icu-data-dir", "--redirect-warnings",
    "--disable-warning", "--trace-event-categories", "--trace-event-file-pattern", "--unhandled-rejections", "--dns-result-order",
    "--diagnostic-dir", "--report-dir", "--report-directory", "--report-filename", "--report-signal", "--heapsnapshot-signal",
    "--heapsnapshot-near-heap-limit", "--max-http-header-size", "--secure-heap", "--secure-heap-min", "--tls-keylog", "--tls-cipher-list",
    "--cpu-prof-dir", "--cpu-prof-name", "--cpu-prof-interval", "--heap-prof-dir", "--heap-prof-name", "--heap-prof-interval",
    "--localstorage-file", "--watch-path", "--stack-trace-limit", "--network-family-autoselection-attempt-timeout",
  ]),
  bun: new Set([
    "-r", "--preload", "--require", "--import", "--cwd", "--env-file", "-d", "--define", "-l", "--loader", "--conditions", "--tsconfig-override",
    "--main-fields", "--extension-order", "--jsx-factory", "--jsx-fragment", "--jsx-import-source", "--jsx-runtime", "--install", "--port",
    "--filter", "-F", "--shell", "--elide-lines", "--title", "--max-http-header-size", "--dns-result-order", "--unhandled-rejections",
    "--cpu-prof-name", "--cpu-prof-dir", "--user-agent", "-c", "--config",
  ]),
  deno: new Set(["-c", "--config", "--import-map", "--cert", "--location", "-L", "--log-level", "--seed", "--ext", "--preload", "--require", "--conditions"]),
};

/** Options with which no script is run: the code stands in the arguments, or something else is done. */
const noScript: Record<Runtime, ReadonlySet<string>> = {
  node: new Set(["-e", "--eval", "-p", "--print", "-pe", "-i", "--interactive", "--run", "--test", "-c", "--check", "-v", "--version", "-h", "--help"]),
  bun: new Set(["-e", "--eval", "-p", "--print", "-v", "--version", "--revision", "-h", "--help"]),
  deno: new Set(["-V", "-v", "--version", "-h", "--help"]),
};

/** The first argument that is neither an option nor the value of one; undefined where the code does not come from a file. */
export function scriptArgument(runtime: Runtime, argv: readonly string[]): ScriptArgument | undefined {
  let mayBeCommand = runtime !== "node";
  for (let i = 1; i < argv.length; i++) {
    const argument = argv[i] ?? "";
    if (argument === "-" || argument === "") return undefined;
    if (argument === "--") return asScript(argv[i + 1]);
    if (argument.startsWith("-")) {
      if (optionsWithValue[runtime].has(argument)) i++;
      else if (noScript[runtime].has(argument) || argument.startsWith("--eval=") || argument.startsWith("--print=")) return undefined;
      continue;
    }
    if (mayBeCommand && argument === "run") {
      mayBeCommand = false;
      continue;
    }
    return asScript(argument);
  }
  return undefined;
}

function asScript(argument: string | undefined): ScriptArgument | undefined {
  if (argument === undefined || argument === "") return undefined;
  const specifier = /^npm:\/?(?<name>(?:@[^/@]+\/)?[^/@]+)/u.exec(argument)?.groups?.["name"];
  return specifier === undefined ? { kind: "file", value: argument } : { kind: "package", value: specifier };
}
