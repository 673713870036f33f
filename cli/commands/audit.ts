import { Command, Option } from "clipanion";
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
  static override usage = Command.Usage({ description: "Check that no entry of the audit log was changed or taken out.", details: "Note the last hash elsewhere: it then also proves that nothing was cut off the end." });

  machine = Option.String("-m,--machine", { description: "The log of this machine's node (default: that of the coordinator)." });

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      const verdict = await client.access.verifyAudit({ machine: this.machine ?? "" });
      if (this.json) this.printJson({ ...verdict, whole: verdict.brokenAt === 0 });
      else if (verdict.brokenAt === 0) this.print(`whole: ${verdict.entries} entries, last hash ${verdict.lastHash}\n`);
      else this.print(`broken at entry ${verdict.brokenAt}: it was changed, or one before it was taken out\n`);
      return verdict.brokenAt === 0 ? exitCodes.success : exitCodes.failed;
    });
  }
}
