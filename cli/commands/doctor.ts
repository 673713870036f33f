import { Command, Option } from "clipanion";
import { exitCodes } from "../../core/errors/reasons.js";
import { ClientCommand } from "../dispatch-command.js";

const icons = { ok: "✓", warning: "!", error: "✗" } as const;

export class DoctorCommand extends ClientCommand {
  static override paths = [["doctor"]];
  static override usage = Command.Usage({ description: "Look for whatever would keep deliveries from being made or proven.", examples: [["On this machine", "$0 doctor"], ["On every machine, and between them", "$0 doctor --fleet"]] });

  fleet = Option.Boolean("--fleet", false, { description: "Every machine of the fleet: whether it answers, versions, certificates, the tailnet." });

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      const findings = await client.doctor({ fleet: this.fleet });
      if (this.json) this.printJson(findings);
      else for (const { severity, subject, detail, hint } of findings) this.print(`${icons[severity]} ${subject}: ${detail}${hint ? `\n    ${hint}` : ""}\n`);
      return findings.some(({ severity }) => severity === "error") ? exitCodes.failed : exitCodes.success;
    });
  }
}
