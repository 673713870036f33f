import { Command, Option } from "clipanion";
import { systemClock } from "../../core/clock.js";
import { ensurePrivateFolder } from "../../core/config/state-folder.js";
import { DispatchCommand } from "../dispatch-command.js";

export class CaInitCommand extends DispatchCommand {
  static override paths = [["ca", "init"]];
  static override usage = Command.Usage({
    description: "Make the certificate authority of a new fleet, on the machine of its coordinator.",
    details: "Its key stays in the state folder, 0600. One that is there is never replaced.",
    examples: [["A new fleet", "$0 ca init --name work"]],
  });

  name = Option.String("--name", "dispatch", { description: "Name of the fleet, for people." });

  async execute(): Promise<number> {
    const { config } = await this.loadConfig();
    const { initAuthority } = await import("../../sdk/enrolment/index.js");
    ensurePrivateFolder(config.dataDir);
    const made = await initAuthority(config.dataDir, this.name, systemClock);
    if (this.json) this.printJson(made);
    else {
      this.print(`The CA of the fleet ${made.fleet} is made.\n  fingerprint ${made.fingerprint}\n`);
      const next = config.coordinatorListen === undefined
        ? "Configure coordinatorListen (host:port), restart with `dispatch daemon restart`, then make a token with `dispatch node token`."
        : "Restart with `dispatch daemon restart`, then make a token with `dispatch node token`.";
      this.print(`  ${next}\n`);
    }
    return 0;
  }
}

export class CaShowCommand extends DispatchCommand {
  static override paths = [["ca", "show"]];
  static override usage = Command.Usage({ description: "Print the CA's certificate and its fingerprint. Its key is never printed." });

  async execute(): Promise<number> {
    const { config } = await this.loadConfig();
    const { authorityCertificate, certificateFingerprint } = await import("../../sdk/enrolment/index.js");
    const certificate = authorityCertificate(config.dataDir);
    const fingerprint = certificateFingerprint(certificate);
    if (this.json) this.printJson({ fingerprint, certificate });
    else this.print(`${certificate.trimEnd()}\nfingerprint ${fingerprint}\n`);
    return 0;
  }
}
