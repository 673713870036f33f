import Database from "better-sqlite3";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Product, type TestAgent } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";

interface Told {
  readonly slot: string;
  readonly status: string;
  readonly reason: string | null;
  readonly targets: readonly { deliveryId: string; status: string }[];
}

async function json<T>(product: Product, ...args: string[]): Promise<T> {
  const ran = await product.dispatch([...args, "--json"]);
  if (ran.code !== 0) throw new Error(`${args.join(" ")}: ${ran.stderr}${ran.stdout}`);
  return JSON.parse(ran.stdout) as T;
}

const occurrences = (product: Product, id: string): Promise<Told[]> => json<Told[]>(product, "occurrences", id);

async function schedule(product: Product, to: string, prompt: string, ...when: string[]): Promise<string> {
  return (await json<{ id: string }>(product, "schedule", "--server", product.tmux.socket, "--to", to, "--prompt", prompt, "--tz", "UTC", ...when)).id;
}

/** The first run of a schedule when it has ended. Each look is a process of its own: not more of them than need be. */
function ended(product: Product, id: string): Promise<Told> {
  return eventually(async () => {
    const [first] = await occurrences(product, id);
    if (first && ["delivered", "failed", "unconfirmed", "skipped", "missed"].includes(first.status)) return first;
    await new Promise((resolve) => void setTimeout(resolve, 100));
    return undefined;
  }, `the end of ${id}`, 30_000);
}

describe.concurrent("schedules, as they are shipped", () => {
  it("a prompt for later reaches the agent's record; the list and the delivery say so", () =>
    Product.with({}, async (product) => {
      const agent = await product.agent({ settings: { turnMs: 20 } });
      const id = await schedule(product, agent.target, "later on", "--in", "500ms", "--name", "soon");
      const run = await ended(product, "soon");
      expect(run).toMatchObject({ status: "delivered", reason: null });
      expect(await product.show(run.targets[0]!.deliveryId)).toMatchObject({ status: "delivered", key: `${id}/${run.slot}`, evidence: { source: "record", exact: true } });
      expect(await agent.submitted()).toEqual(["later on"]);
      expect(await json(product, "status", "soon")).toMatchObject({ id, status: "fired", options: { prompt: "later on" }, lastDispatchId: run.targets[0]!.deliveryId, failureCount: 0 });
    }));

  it("an agent that exited meanwhile is a refusal: nothing is typed into the shell that is there now", () =>
    Product.with({}, async (product) => {
      const agent = await product.agent({ fromShell: true });
      const id = await schedule(product, agent.target, "touch harmed", "--in", "1500ms", "--retry-for", "0");
      process.kill(product.processOf(agent), "SIGKILL");
      expect(await ended(product, id)).toMatchObject({ status: "failed", reason: "is_shell" });
      expect(await product.tmux.screen(agent.paneId)).not.toContain("touch harmed");
      expect(await json(product, "schedules", "--status", "failed")).toMatchObject([{ id, lastFailureReason: expect.stringContaining("is_shell") }]);
      const doctor = await product.dispatch(["daemon", "doctor", "--json"]);
      expect(doctor.code).toBe(1);
      expect(JSON.parse(doctor.stdout)).toMatchObject({ ok: false, findings: [expect.stringContaining("is_shell")] });
    }));

  it("no prompt is in daemon status, doctor, the log or the lists, which show 40 characters; the database is 0600", () =>
    Product.with({}, async (product) => {
      const { statSync, readFileSync } = await import("node:fs");
      const secret = `prefix ${"x".repeat(60)} TOPSECRET`;
      const id = await schedule(product, "nowhere:0.0", secret, "--in", "100ms");
      await eventually(async () => (await occurrences(product, id)).some(({ status }) => status === "due"), "the first try", 15_000);
      for (const args of [["daemon", "status"], ["daemon", "doctor"], ["status"], ["schedules"]]) {
        for (const flags of [[], ["--json"]]) {
          const { stdout, stderr } = await product.dispatch([...args, ...flags]);
          expect(stdout + stderr).not.toContain("TOPSECRET");
          if (args[0] !== "schedules") expect(stdout + stderr).not.toContain("xxx");
        }
      }
      expect((await product.dispatch(["schedules"])).stdout).toContain(`prefix ${"x".repeat(32)}…`);
      expect(readFileSync(join(product.dataDir, "daemon.log"), "utf8")).not.toContain("xxx");
      expect(statSync(join(product.dataDir, "coordinator.db")).mode & 0o777).toBe(0o600);
    }));
});

/** Where the background process is killed: as soon as this can be read from its own database. */
const steps = ["claimed", "accepted", "typed", "parked", "submitted", "delivered"] as const;

function reached(path: string, id: string, step: (typeof steps)[number]): boolean {
  const database = new Database(path, { readonly: true, timeout: 5_000 });
  try {
    if (step === "claimed") return database.prepare("SELECT 1 FROM occurrences WHERE schedule_id = ? AND status <> 'due'").get(id) !== undefined;
    const rows = database.prepare("SELECT steps.body FROM steps JOIN deliveries ON deliveries.id = steps.delivery_id WHERE deliveries.key LIKE ?").all(`${id}/%`) as { body: string }[];
    return rows.some(({ body }) => (JSON.parse(body) as { step: string }).step === step);
  } finally {
    database.close();
  }
}

/** `SCHEDULE_KILLS=200` does it so many times. */
const rounds = Number(process.env["SCHEDULE_KILLS"] ?? 6);

it(`kill -9 at each step from claim to record, ${rounds} times: no slot twice, none lost`, () =>
  Product.with({ keyDelayMs: 20 }, async (product) => {
    const agent: TestAgent = await product.agent({ settings: { turnMs: 5, recordDelayMs: 10 } });
    const texts: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const step = steps[round % steps.length]!;
      const text = `round ${round} killed at ${step}`;
      texts.push(text);
      const id = await schedule(product, agent.target, text, "--in", "150ms");
      await eventually(() => reached(join(product.dataDir, "coordinator.db"), id, step), `${step} of round ${round}`, 15_000);
      expect(product.killDaemon()).toBe(true);
      const run = await ended(product, id);
      expect([text, run.status]).toEqual([text, "delivered"]);
    }
    expect(await agent.submitted()).toEqual(texts);
    expect((await agent.input()).pastes).toEqual(texts);
  }), 60_000 + rounds * 8_000);
