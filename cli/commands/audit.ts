import { Command, Option } from "clipanion";
import type { AuditPosition } from "../../core/domain/audit.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { exitCodes } from "../../core/errors/reasons.js";
import { ClientCommand } from "../dispatch-command.js";
import { table } from "../output/table.js";
import { parseInteger } from "../parse-integer.js";

export class AuditListCommand extends ClientCommand {
  static override paths = [["audit", "list"], ["audit"]];
  static override usage = Command.Usage({
    description: "List who did what, and what was denied. Never the text of a prompt: its SHA-256.",
    examples: [["The last denials", "$0 audit list --denied"], ["What a node let in", "$0 audit list --machine spark01"]],
  });

  subject = Option.String("--subject", { description: "Only of this caller, such as client:alice." });
  denied = Option.Boolean("--denied", false, { description: "Only what was denied." });
  limit = Option.String("-n,--limit", { description: "At most so many, 1 to 1000 (default 50)." });
  machine = Option.String("-m,--machine", { description: "The log of this machine's node (default: that of the coordinator)." });

  async execute(): Promise<number> {
    const limit = this.limit === undefined ? 0 : parseInteger(this.limit, "--limit", { min: 1, max: 1_000 });
    return this.withClient(async (client) => {
      const entries = await client.access.audit({ subject: this.subject ?? "", deniedOnly: this.denied, limit, machine: this.machine ?? "" });
      if (this.json) this.printJson(entries);
      else {
        this.print(entries.length === 0 ? "No entries.\n" : table(["#", "AT", "WHO", "CALL", "TARGET", "TEXT", "OUTCOME"], entries.map((entry) => [
          String(entry.sequence), entry.at.toISOString(), entry.subject || entry.caller || "-", entry.rpc.split("/").at(-1) || "-", entry.target || "-",
          entry.textSha256 ? `${entry.textSha256.slice(0, 12)} (${entry.textBytes} B)` : "-", [entry.outcome, entry.detail].filter(Boolean).join(": "),
        ])));
      }
      return 0;
    });
  }
}

export class AuditVerifyCommand extends ClientCommand {
  static override paths = [["audit", "verify"]];
  static override usage = Command.Usage({
    description: "Check that no entry of the audit log was changed or taken out.",
    details: "What somebody with the rights of this user did to the log and to all that is kept beside it, only a position tells that was noted elsewhere.",
    examples: [["This coordinator's", "$0 audit verify"], ["Whether what was noted is still there", "$0 audit verify --noted 120:9a4c…"]],
  });

  machine = Option.String("-m,--machine", { description: "The log of this machine's node (default: that of the coordinator)." });
  noted = Option.String("--noted", { description: "NUMBER:HASH of an entry, as an earlier verify told it; it must still be there." });

  async execute(): Promise<number> {
    const noted = this.noted === undefined ? undefined : readPosition(this.noted);
    return this.withClient(async (client) => {
      const verdict = await client.access.verifyAudit({ machine: this.machine ?? "", noted });
      const { entries, brokenAt, lastHash } = verdict;
      if (this.json) this.printJson({ ...verdict, whole: brokenAt === 0 });
      else if (brokenAt !== 0) this.print(`broken at entry ${brokenAt}: it was changed or taken out, or one before it was (the last ones may also be lost in a power cut)\n`);
      else this.print(`whole: ${entries} entries${entries > 0 ? `\n  Note ${entries}:${lastHash} elsewhere; \`--noted\` with it proves later that nothing up to here was changed.` : ""}\n`);
      return brokenAt === 0 ? exitCodes.success : exitCodes.failed;
    });
  }
}

function readPosition(text: string): AuditPosition {
  const [, sequence, hash = ""] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined) throw new DispatchError("invalid_argument", `--noted: "${text}" is not NUMBER:HASH, as \`dispatch audit verify\` tells it.`, { metadata: { field: "--noted", value: text } });
  return { sequence: Number(sequence), hash };
}
