import { describe, expect, it } from "vitest";
import { testBed } from "../testkit/programs/test-bed.js";

describe("dispatch send", () => {
  const bed = testBed();

  it("prints a line per step, then one verdict with the evidence", async () => {
    const { code, stdout, stderr } = await bed.dispatch(["send", "--to", "idle", "--prompt", "hello"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines.slice(0, 5).map((line) => line.trim().split(" ")[0])).toEqual(["accepted", "typed", "parked", "submitted", "delivered"]);
    expect(lines[5]).toMatch(/^✓ delivered: .+\/idle:0\.0, claude after \d+\.\d\d s$/);
    expect(lines[6]).toBe("  evidence: record /tmp/record.jsonl@12, exact");
    expect(lines).toHaveLength(8);
  });

  it("prints one object with --json", async () => {
    const { code, stdout } = await bed.dispatch(["send", "--to", "idle", "--prompt", "hello", "--key", "k1", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{12}$/), key: "k1", target: "idle:0.0", machine: expect.any(String), status: "delivered", reason: null,
      detail: "It is delivered.", evidence: { source: "record", exact: true }, detection: { agentKind: "claude", agentStarted: "9007199254740993" },
      steps: [{ step: "accepted", at: expect.any(String), detail: "It is accepted." }, { step: "typed" }, { step: "parked" }, { step: "submitted" }, { step: "delivered" }],
      timings: { totalMs: expect.any(Number), between: [{ from: "accepted", to: "typed", ms: expect.any(Number) }, {}, {}, {}] },
    });
  });

  it("prints a line of JSON per step with --events, the result last", async () => {
    const { stdout } = await bed.dispatch(["send", "--to", "idle", "--prompt", "hello", "--events"]);
    const events = stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as { event: string; step?: string; status?: string });
    expect(events.map(({ event, step, status }) => [event, step ?? status])).toEqual([
      ["step", "accepted"], ["step", "typed"], ["step", "parked"], ["step", "submitted"], ["step", "delivered"], ["result", "delivered"],
    ]);
  });

  it.each([
    ["busy", 3, "agent_busy"], ["shell", 3, "is_shell"], ["gone", 8, "not_found"], ["many", 2, "ambiguous_target"],
    ["noserver", 9, "no_tmux_server"], ["denied", 11, "no_permission"],
  ])("a refusal of %s exits with %i and types nothing", async (session, exitCode, reason) => {
    const { code, stdout } = await bed.dispatch(["send", "--to", session, "--prompt", "hello", "--json"]);
    expect(code).toBe(exitCode);
    expect(JSON.parse(stdout)).toMatchObject({ status: "refused", reason, hint: expect.any(String) });
    expect((JSON.parse(stdout) as { steps: { step: string }[] }).steps.map(({ step }) => step)).toEqual(["accepted", "refused"]);
  });

  it("says unconfirmed where proof did not come, with its own exit code", async () => {
    const { code, stdout } = await bed.dispatch(["send", "--to", "never", "-p", "hello"]);
    expect(code).toBe(4);
    expect(stdout).toMatch(/^\? unconfirmed \(no_proof\): /m);
  });

  it.each([[["--dry-run"], "dry_run"], [["--no-submit"], "typed"], [["--wait", "accepted"], "pending|delivered"], [["--wait"], "delivered"]])(
    "%s ends as %s with 0", async (flags, status) => {
      const { code, stdout } = await bed.dispatch(["send", "--to", "idle", "-p", "hello", "--json", ...flags]);
      expect(code).toBe(0);
      expect((JSON.parse(stdout) as { status: string }).status).toMatch(new RegExp(`^(?:${status})$`));
    },
  );

  it("gives the answer with --wait finished", async () => {
    const { stdout } = await bed.dispatch(["send", "--to", "idle", "-p", "hello", "--wait", "finished"]);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("forty-two");
  });

  it("joins prompt, file and standard input with a blank line, and takes any text as a value", async () => {
    const text = "- a list\n--json is no flag here";
    const { stdout } = await bed.dispatch(["send", "--to", "idle", "--prompt", text, "--json"], { stdin: "a\tb\n" });
    const { promptBytes } = JSON.parse(stdout) as { promptBytes: number };
    expect(promptBytes).toBe(Buffer.byteLength(`${text}\n\na\tb\n`));
  });

  it("the same key replays; another prompt with it is a conflict", async () => {
    const first = await bed.dispatch(["send", "--to", "idle", "-p", "one", "--key", "k", "--json"]);
    const again = await bed.dispatch(["send", "--to", "idle", "-p", "one", "--key", "k", "--json"]);
    expect((JSON.parse(again.stdout) as { id: string }).id).toBe((JSON.parse(first.stdout) as { id: string }).id);
    const other = await bed.dispatch(["send", "--to", "idle", "-p", "two", "--key", "k", "--json"]);
    expect(other.code).toBe(10);
    expect(JSON.parse(other.stdout)).toMatchObject({ status: "refused", reason: "key_conflict" });
  });

  it("ctrl-C before the text is typed cancels the delivery and says so", async () => {
    const { child, printed, ended } = bed.start(["send", "--to", "hold", "-p", "hello"]);
    await printed(/waiting/);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(6);
    expect(stdout).toMatch(/^✗ cancelled \(cancelled\): /m);
  });

  it("ctrl-C after the key was pressed tells how far it has come and that it goes on", async () => {
    const { child, printed, ended } = bed.start(["send", "--to", "queued", "-p", "hello", "--wait", "finished"]);
    await printed(/queued/);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(4);
    expect(stdout).toMatch(/^… queued: /m);
    expect(stderr).toMatch(/it goes on; follow it with `dispatch show [0-9a-f]{12}`/);
  });

  it("a closed pipe on standard output is no crash: the delivery is made", async () => {
    const { child, ended } = bed.start(["send", "--to", "idle", "-p", "hello"]);
    child.stdout?.destroy();
    const { code, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect((await bed.dispatch(["list", "--json"])).stdout).toContain('"delivered"');
  });

  it("a background process that is killed in mid-send is started again and asked: delivered, and typed once", async () => {
    const own = testBed();
    const { code, stdout } = await own.dispatch(["send", "--to", "dies", "-p", "hello", "--json"]);
    expect(code).toBe(0);
    const { status, steps } = JSON.parse(stdout) as { status: string; steps: { step: string }[] };
    expect([status, ...steps.map(({ step }) => step)]).toEqual(["delivered", "accepted", "typed", "parked", "submitted", "delivered"]);
  });
});
