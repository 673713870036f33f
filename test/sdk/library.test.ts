import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { testBed } from "../testkit/programs/test-bed.js";

const bed = testBed();

/** Runs a program that uses the library as it is shipped. `client` is connected; what `code` returns is printed as JSON. */
async function program(code: string, connect = "{}"): Promise<unknown> {
  const source = `
    import { DispatchClient, DispatchError } from ${JSON.stringify(bed.program("index"))};
    const run = async () => {
      const client = await DispatchClient.connect(${connect});
      try { ${code} } finally { client.close(); }
    };
    const plain = (key, value) => typeof value === "bigint" ? String(value) : value;
    console.log(JSON.stringify(await run().catch((e) => ({ isOurs: e instanceof DispatchError, reason: e.reason, message: e.message, hint: e.hint })), plain));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", source], { env: bed.env });
  return JSON.parse(stdout) as unknown;
}

describe("the client library", () => {
  it("a send is awaited for the delivery, or iterated for its steps, or both", async () => {
    expect(await program(`
      const run = client.send({ target: "idle", prompt: "hello", waitFor: "finished" });
      const steps = [];
      for await (const { step } of run) steps.push(step);
      const { status, answer, key } = await run;
      const { id } = await client.send({ target: "idle", prompt: "hello", key: "k" });
      return { steps, status, answer, sameKey: key === run.key, found: (await client.get("k")).id === id };
    `)).toEqual({
      steps: ["accepted", "typed", "parked", "submitted", "delivered", "working", "finished"], status: "delivered", answer: "forty-two", sameKey: true, found: true,
    });
  });

  it("a refusal is an outcome; a request that is not valid is an error of the one class", async () => {
    expect(await program(`return (await client.send({ target: "busy", prompt: "hello" })).reason;`)).toBe("agent_busy");
    expect(await program(`await client.send({ target: "idle", prompt: "" });`)).toMatchObject({ isOurs: true, reason: "empty_prompt", hint: expect.any(String) });
    expect(await program(`for await (const step of client.send({ target: "idle", prompt: "" })) ;`)).toMatchObject({ isOurs: true, reason: "empty_prompt" });
    // A program without types may ask for anything: nothing of it becomes something else.
    const wrong = ['{ prompt: "x" }', '{ target: 7, prompt: "x" }', '{ target: {}, prompt: "x" }', '{ target: "idle" }', '{ target: "idle", prompt: null }', '{ target: "idle", prompt: "x", onBusy: "sometimes" }', '{ target: "idle", prompt: "x", timeoutMs: NaN }', '{ target: "idle", prompt: "x", timeoutMs: "5s" }', '{ target: "idle", prompt: "x", dryRun: "yes" }'];
    expect(await program(`
      const told = [];
      for (const request of [${wrong.join(", ")}]) told.push(await (async () => client.send(request))().then(({ status }) => status, ({ reason, metadata }) => [reason, metadata?.field]));
      return told;
    `)).toEqual(["target", "target", "target", "prompt", "prompt", "onBusy", "timeoutMs", "timeoutMs", "dryRun"].map((field) => ["invalid_argument", field]));
    expect(await program(`client.close(); await client.status();`)).toMatchObject({ isOurs: true, reason: "interrupted", message: "The client was closed." });
    expect(await program(`client.close(); await client.send({ target: "idle", prompt: "x" });`)).toMatchObject({ isOurs: true, reason: "interrupted" });
    expect(await program(`await client.detect("gone");`)).toMatchObject({ isOurs: true, reason: "not_found", message: "No such pane." });
    expect(await program(`await client.status();`, `{ address: "unix:/no/such.sock" }`)).toMatchObject({ isOurs: true, reason: "daemon_unavailable" });
  });

  it("an abort ends the wait, not the delivery; cancel ends that", async () => {
    expect(await program(`
      const stop = new AbortController();
      const run = client.send({ target: "hold", prompt: "hello", key: "held", signal: stop.signal });
      for await (const { step } of run) if (step === "waiting") break;
      stop.abort();
      const reason = await run.then(() => "no error", (error) => error.reason);
      const before = (await client.get("held")).status;
      const { cancelled, delivery } = await client.cancel("held");
      return [reason, before, cancelled, delivery.status];
    `)).toEqual(["interrupted", "pending", true, "cancelled"]);
  });

  it("panes, captures, watches, lists, health", async () => {
    expect(await program(`
      const watched = [];
      for await (const { gone, detection } of client.watch("idle")) { watched.push([gone, detection.state]); break; }
      return {
        targets: (await client.targets()).map(({ target }) => target.target), text: (await client.capture({ target: "idle", lines: 1 })).text, watched,
        statuses: (await client.list({ status: "refused" })).map(({ status }) => status), healthy: (await client.status()).nodes.map(({ healthy }) => healthy),
        findings: (await client.doctor()).map(({ severity }) => severity),
      };
    `)).toEqual({ targets: ["idle:0.0", "busy:0.0"], text: "line 1", watched: [[false, "idle"]], statuses: ["refused"], healthy: [true], findings: ["ok"] });
  });
});
