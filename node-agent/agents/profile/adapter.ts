import type { Profile } from "../../../core/config/profile-schema.js";
import { programNames } from "../../processes/program-names.js";
import type { AgentAdapter } from "../agent-adapter.js";
import { installedVersion } from "../installed-version.js";
import { ProfileRecord } from "./record.js";
import { readProfileScreen } from "./screen.js";

/** An agent as a user describes it. */
export function profileAdapter(profile: Profile): AgentAdapter {
  const argument = profile.process.argument === undefined ? undefined : new RegExp(profile.process.argument, "u");
  return {
    kind: profile.name,
    matches: (process) => programNames(process).some(({ name }) => profile.process.names.includes(name)) && (!argument || process.argv.slice(1).some((each) => argument.test(each))),
    version: (process) => installedVersion(process, (name) => profile.process.names.includes(name)),
    readScreen: readProfileScreen(profile.screen),
    prepare: (text) => ({ text, transformation: [] }),
    keyDelayMs: profile.keyDelayMs,
    submitKey: profile.submitKey,
    queueKey: profile.queueKey,
    openRecord: (context) => new ProfileRecord(profile.record, context),
  };
}
