import { Cli, type CommandClass } from "clipanion";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { verbs } from "../../cli/commands/verbs.js";
import { deliveryKinds, deliveryStatuses, onBusyWays, onDraftWays, waitLevels } from "../../core/domain/delivery.js";
import { catchUpPolicies, occurrenceStatuses, overlapPolicies, scheduleStatuses } from "../../core/domain/schedule.js";
import * as delivery from "../../proto/gen/dispatch/v1/delivery.js";
import * as scheduled from "../../proto/gen/dispatch/v1/schedule.js";
import { openApi } from "../../sdk/http/open-api.js";
import { inputOverHttp, routes } from "../../sdk/http/routes.js";
import { allTools } from "../../sdk/tools/all-tools.js";

const kebab = (field: string): string => `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
const flagsOfAll = ["--data-dir", "--json", "--no-autostart"];

/** Every flag of every verb, by the words that name it. */
async function flagsByVerb(): Promise<Map<string, string[]>> {
  const commands = (await Promise.all(Object.values(verbs).map((load): Promise<CommandClass[]> => load()))).flat();
  const found = commands.flatMap((command) => Cli.from([command]).definitions()).map(({ path, options }) => [path.replace(/^\S+ /, ""), options.map(({ definition }) => /--[a-z-]+/.exec(definition)![0]).filter((flag) => !flagsOfAll.includes(flag))] as const);
  return new Map(found);
}

/** How a field of a tool is written on the command line, where it is not its own name: several flags, an argument in its place (`null`). */
const written: Record<string, Record<string, readonly string[] | null>> = {
  "*": { target: ["--to"], timeZone: ["--tz"], timeoutSeconds: ["--timeout"], pauseAfterFailures: ["--pause-after"], source: ["--from"], id: null, verbose: null },
  dispatch_send: {
    targets: ["--to"], promptFile: ["--file"], waitFor: ["--wait"], onBusy: ["--steer", "--when-idle"], submit: ["--no-submit"], confirm: ["--no-confirm"], captureBeforeLines: ["--capture-before"],
    delayMs: ["--delay"], jitterMs: ["--jitter"], staggerMs: ["--stagger"],
  },
  dispatch_list: { verbose: ["--verbose"] },
  dispatch_exec: { policyFile: ["--allow"] },
  // A list of states to wait for is what a program asks; a person looks on.
  dispatch_watch: { target: null, states: null, timeoutSeconds: null },
  dispatch_triage: { excerptChars: null },
  dispatch_daemon_service: { action: null },
};

/** Flags without a field, and why. */
const forPeople: Record<string, readonly string[]> = {
  // A client reads one prompt from where it has it; a stream of events is what progress is.
  dispatch_send: ["--events"], dispatch_schedule: ["--file"], dispatch_loop: ["--file"], dispatch_edit: ["--file"], dispatch_recover: ["--file", "--timeout"], dispatch_self_heal_diagnose: ["--file"],
  // What goes on until ctrl-C is a subscription or dispatch_watch.
  dispatch_capture: ["--follow", "--limit"], dispatch_status: ["--watch"], dispatch_show: ["--watch"], dispatch_list: ["--watch"], dispatch_targets: ["--watch"],
  // A tool call waits for its result.
  dispatch_run_now: ["--no-wait"],
};

const otherWords: Record<string, string> = { dispatch_self_heal_diagnose: "self-heal diagnose", dispatch_fleet_summary: "fleet summary", dispatch_triage: "triage" };
const verbOf = (tool: string): string => otherWords[tool] ?? tool.replace("dispatch_", "").replace(/^daemon_/, "daemon ").replaceAll("_", "-");
/** Waiting for a delivery that is known is `dispatch show --watch`. */
const withoutVerb = ["dispatch_wait"];
/** Verbs of the machine's own keeper and of the person at the screen: what they do is not for a client. */
const withoutTool = ["audit list", "audit verify", "bulk", "ca init", "ca show", "can", "client token", "completion", "config", "daemon run", "doctor", "down", "join", "mcp install", "mcp uninstall", "node add", "node pipe", "node revoke", "node token", "nodes certificates", "nodes drain", "nodes remove", "up", "version"];

describe("one source of truth", () => {
  it("each field of a tool is a flag of its verb, and each flag a field: what differs is named here", async () => {
    const flags = await flagsByVerb();
    for (const { name, input } of allTools) {
      if (withoutVerb.includes(name)) continue;
      const own = flags.get(verbOf(name));
      expect(own, `${name} has the verb ${verbOf(name)}`).toBeDefined();
      const fields = Object.keys(input).flatMap((field) => {
        const ways = [written[name]?.[field], written["*"]![field]].find((one) => one !== undefined);
        return ways === undefined ? [kebab(field)] : (ways ?? []);
      });
      expect({ name, flags: [...new Set([...fields, ...(forPeople[name] ?? [])])].toSorted() }).toEqual({ name, flags: [...new Set(own)].toSorted() });
    }
  });

  it("each verb has its tool, or is named here as none for clients", async () => {
    const tools = new Set(allTools.map(({ name }) => verbOf(name)));
    const others = [...(await flagsByVerb()).keys()].filter((verb) => !tools.has(verb));
    expect(others.toSorted()).toEqual(withoutTool.toSorted());
  });

  it("each exception is needed", () => {
    const inputs = new Map(allTools.map(({ name, input }) => [name, Object.keys(input)]));
    for (const [name, fields] of Object.entries(written)) {
      const known = name === "*" ? [...inputs.values()].flat() : inputs.get(name);
      for (const field of Object.keys(fields)) expect(known, `${name}.${field}`).toContain(field);
    }
  });

  it.each([
    ["OnBusy", "ON_BUSY", onBusyWays, delivery.OnBusy], ["OnDraft", "ON_DRAFT", onDraftWays, delivery.OnDraft], ["WaitFor", "WAIT_FOR", waitLevels, delivery.WaitFor],
    ["DeliveryStatus", "DELIVERY_STATUS", deliveryStatuses, delivery.DeliveryStatus], ["DeliveryKind", "DELIVERY_KIND", deliveryKinds, delivery.DeliveryKind],
    ["OverlapPolicy", "OVERLAP_POLICY", overlapPolicies, scheduled.OverlapPolicy], ["CatchUpPolicy", "CATCH_UP_POLICY", catchUpPolicies, scheduled.CatchUpPolicy],
    ["ScheduleStatus", "SCHEDULE_STATUS", scheduleStatuses, scheduled.ScheduleStatus], ["OccurrenceStatus", "OCCURRENCE_STATUS", occurrenceStatuses, scheduled.OccurrenceStatus],
  ] as const)("the words of %s are those of the contract", (_name, prefix, words, wire) => {
    const inProto = Object.keys(wire).filter((key) => Number.isNaN(Number(key)) && !/UNSPECIFIED|UNRECOGNIZED/.test(key)).map((key) => key.replace(`${prefix}_`, "").toLowerCase());
    expect([...words].toSorted()).toEqual(inProto.toSorted());
  });

  it("every tool that HTTP has is described in OpenAPI by the tool's own schema", () => {
    const { paths } = openApi() as { paths: Record<string, Record<string, { requestBody?: { content: { "application/json": { schema: { properties: { options: unknown } } } } } }>> };
    for (const { method, path, tool, body } of routes) {
      const operation = paths[`/v1${path.replace(/:(\w+)/g, "{$1}")}`]?.[method.toLowerCase()];
      expect(operation, `${method} ${path}`).toBeDefined();
      if (body) expect(operation!.requestBody!.content["application/json"].schema.properties.options).toEqual(z.toJSONSchema(z.strictObject(inputOverHttp(tool)), { io: "input", unrepresentable: "any" }));
    }
  });
});
