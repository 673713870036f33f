import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { testBed } from "../../testkit/programs/test-bed.js";
import { eventually } from "../../testkit/tmux.js";

it.each(["dispatch-node", "dispatch-coordinator"])("%s tells systemd when it is ready, and from then on that it lives, at twice the pace that is asked for", async (program) => {
  const bed = testBed();
  const [bin, told] = [join(bed.home, "bin"), join(bed.home, "told")];
  mkdirSync(bin);
  writeFileSync(join(bin, "systemd-notify"), `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> '${told}'\n`);
  chmodSync(join(bin, "systemd-notify"), 0o755);
  const env = { PATH: `${bin}:${bed.env["PATH"]}`, NOTIFY_SOCKET: "/run/notify", WATCHDOG_USEC: "200000" };
  const running = bed.start([], { program, env });
  await running.printed(/is listening/u);
  const lines = await eventually(() => {
    const read = existsSync(told) ? readFileSync(told, "utf8").trim().split("\n") : [];
    return read.length >= 3 && read;
  }, "two signs of life", 10_000);
  expect(lines.slice(0, 3)).toEqual([`/run/notify --ready --status=serves ${bed.dataDir}`, "/run/notify WATCHDOG=1", "/run/notify WATCHDOG=1"]);
  running.child.kill("SIGTERM");
  expect((await running.ended).code).toBe(0);
});
