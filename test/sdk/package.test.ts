import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { transform } from "esbuild";
import { testBed } from "../testkit/programs/test-bed.js";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = (name: string): string => join(root, "node_modules", ".bin", name);
const bed = testBed();
const folder = mkdtempSync(join(tmpdir(), "dispatch-package-"));
let tarball = "";
const strict = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2023", "--lib", "es2023,esnext.disposable", "--types", "node"];

/** An empty project with the packed package, and the packages that it depends on. */
beforeAll(async () => {
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder, root], { cwd: folder });
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "dispatch-mesh"), { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", join(modules, "dispatch-mesh"), "--strip-components=1"]);
  for (const name of readdirSync(join(root, "node_modules"))) if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(modules, name));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "a-project", type: "module", private: true }));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the packed package", () => {
  it("is found well made by publint and attw", async () => {
    await run(bin("publint"), ["run", "--strict", tarball]);
    await run(bin("attw"), [tarball, "--profile", "esm-only"]);
  }, 60_000);

  it("its names are there: a client that disposes of itself, and functions for one call each", async () => {
    // A coordinator with a scripted node behind it.
    expect(await bed.dispatch(["up"])).toMatchObject({ code: 0 });
    writeFileSync(join(folder, "use.mjs"), `
      import { dispatch, dispatchBulk, dispatchCapture, dispatchExec, dispatchKey, DispatchClient, DispatchError } from "dispatch-mesh";
      const at = { address: process.argv[2] };
      const client = await DispatchClient.connect(at);
      const disposable = typeof client[Symbol.asyncDispose];
      await client[Symbol.asyncDispose]();
      const one = await dispatch({ target: "idle", prompt: "hello", waitFor: "finished" }, at);
      const { deliveries } = await dispatchBulk({ targets: ["idle", "busy"], prompt: "hello" }, at);
      const exec = await dispatchExec({ target: "idle", command: "ls", dryRun: true }, at);
      const key = await dispatchKey({ target: "idle", key: "Escape" }, at);
      const { text } = await dispatchCapture({ target: "idle", lines: 1 }, at);
      const refused = await dispatch({ target: "idle", prompt: " " }, at).catch((error) => error instanceof DispatchError && [error.reason, error.retryable, error.hint.length > 0]);
      console.log(JSON.stringify({ disposable, one: [one.status, one.answer], bulk: deliveries.map(({ status }) => status).sort(), exec: exec.kind, key: key.kind, text, refused }));
    `);
    const { stdout } = await run(process.execPath, [join(folder, "use.mjs"), `unix:${bed.dataDir}/coordinator.sock`], { env: bed.env });
    expect(JSON.parse(stdout)).toEqual({
      disposable: "function", one: ["delivered", "forty-two"], bulk: ["delivered", "refused"], exec: "exec", key: "key", text: "line 1", refused: ["empty_prompt", false, true],
    });
  });

  it("the examples run as they stand", async () => {
    const examples = join(folder, "node_modules", "dispatch-mesh", "docs", "examples");
    const grpc = await run(process.execPath, [join(examples, "grpc-send.mjs"), `unix:${bed.dataDir}/coordinator.sock`, "idle", "hello"], { env: bed.env });
    expect(grpc.stdout.trim().split("\n").at(-1)).toBe("DELIVERY_STATUS_DELIVERED forty-two");
    const sdk = await run(process.execPath, [join(examples, "sdk-send.mjs"), "idle", "hello"], { env: bed.env });
    expect(sdk.stdout.trim().split("\n").at(-1)).toBe("delivered  forty-two");
    const refused = await run(process.execPath, [join(examples, "sdk-send.mjs"), "idle", " "], { env: bed.env });
    expect(refused.stderr).toMatch(/^empty_prompt /);
  });

  it("what docs/sdk.md shows is right by its types, and runs", async () => {
    const document = readFileSync(join(folder, "node_modules", "dispatch-mesh", "docs", "sdk.md"), "utf8");
    const blocks = [...document.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
    expect(blocks.length).toBeGreaterThan(3);
    const files = blocks.map((code, index) => {
      // The scripted node has a pane of this name.
      const file = join(folder, `block${index}.mts`);
      writeFileSync(file, code.replaceAll("work:agent", "idle"));
      return file;
    });
    await run(bin("tsc"), [...strict, ...files], { cwd: folder }).catch(({ stdout }: { stdout: string }) => { throw new Error(stdout); });
    for (const file of files) {
      const { code } = await transform(readFileSync(file, "utf8"), { loader: "ts", target: "node20" });
      writeFileSync(file.replace(".mts", ".mjs"), code);
      const { stderr } = await run(process.execPath, [file.replace(".mts", ".mjs")], { env: bed.env });
      expect(stderr).toBe("");
    }
  }, 60_000);

  it("its types are those of its names", async () => {
    writeFileSync(join(folder, "use.ts"), `
      import { dispatch, DispatchClient, type Delivery, type DispatchError } from "dispatch-mesh";
      export async function use(): Promise<string> {
        await using client = await DispatchClient.connect();
        for await (const { step } of client.send({ target: "work:agent", prompt: "hello" })) console.log(step.toUpperCase());
        const delivery: Delivery = await dispatch({ target: "work:agent", prompt: "hello", onBusy: "queue" });
        // @ts-expect-error there is no such choice
        await dispatch({ target: "work:agent", prompt: "hello", onBusy: "sometimes" });
        return delivery.status;
      }
      export const reasonOf = (error: DispatchError): string => error.reason;
    `);
    await run(bin("tsc"), [...strict, join(folder, "use.ts")], { cwd: folder });
  }, 60_000);

  it("has the contract and the documents with it", () => {
    expect(readdirSync(join(folder, "node_modules", "dispatch-mesh", "proto", "dispatch", "v1"))).toContain("coordinator.proto");
    expect(readdirSync(join(folder, "node_modules", "dispatch-mesh", "docs"))).toEqual(expect.arrayContaining(["mcp.md", "http.md", "fleet.md"]));
  });
});
