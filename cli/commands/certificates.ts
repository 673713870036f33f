import { Command } from "clipanion";
import { ClientCommand } from "../dispatch-command.js";
import { table } from "../output/table.js";

export class CertificatesCommand extends ClientCommand {
  static override paths = [["nodes", "certificates"]];
  static override usage = Command.Usage({ description: "List every certificate of the fleet, and which were taken back." });

  async execute(): Promise<number> {
    return this.withClient(async (client) => {
      const all = await client.enrolment.certificates();
      if (this.json) this.printJson(all);
      else {
        this.print(all.length === 0 ? "No certificates.\n" : table(["WHO", "ROLES", "UNTIL", "STATE", "SERIAL"], all.map(({ kind, name, roles, expiresAt, revokedAt, serial }) => [
          `${kind}:${name}`, roles.join(",") || "-", expiresAt?.toISOString() ?? "-", revokedAt ? `taken back ${revokedAt.toISOString()}` : "good", serial,
        ])));
      }
      return 0;
    });
  }
}
