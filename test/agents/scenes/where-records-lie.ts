import { strict as assert } from "node:assert";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { newToken, type Desked } from "../suite/agent-desk.js";
import { assertDelivered, type Scene } from "./scene.js";

/** Homes and days in which a record is not where it is looked for first. */
export const whereRecordsLie: readonly Scene[] = [
  {
    name: "a home that is a symbolic link: each prompt is proven, the same one again too",
    async run({ desk }) {
      const agent = await desk.start({ linked: true });
      const token = newToken();
      for (let round = 1; round <= 3; round++) {
        const delivery = await agent.send(`linked ${token}`, { waitFor: "finished", timeoutMs: 20_000 });
        assert.equal(delivery.status, "delivered", `round ${round}: ${delivery.status} (${delivery.reason}) ${delivery.detail}`);
        assert.equal((await agent.texts(token, { restMs: 200 })).length, round);
      }
      await agent.agent.stop();
    },
  },
  {
    name: "a thread of an older day, opened again beside another TUI: the prompt is proven there",
    kinds: ["codex"],
    async run({ desk }) {
      const first = await desk.start();
      await first.agent.stop();
      const thread = await moveToOlderDay(first);
      // The server that they share is the child of this one.
      const beside = await desk.start({ beside: first });
      const again = await desk.start({ beside: first, until: "composer", arguments: ["resume", thread.id] });
      const token = newToken();
      const delivery = await again.send(`again ${token}`, { timeoutMs: 20_000 });
      await assertDelivered(again, `again ${token}`, token, delivery);
      assert.equal(delivery.evidence?.locator.replace(/@.*/u, ""), thread.path);
      await beside.agent.stop();
      await again.agent.stop();
    },
  },
];

/** Puts the one thread of an agent that has ended into the folder of an older day, and younger days beside it. */
async function moveToOlderDay({ agent }: Desked): Promise<{ id: string; path: string }> {
  const home = join(agent.home, ".codex");
  const sessions = join(home, "sessions");
  const year = String(new Date().getFullYear() - 1);
  const [relative = ""] = (await readdir(sessions, { recursive: true })).filter((name) => name.endsWith(".jsonl"));
  const path = join(sessions, year, "01/05", basename(relative).replace(/^rollout-\d{4}-\d\d-\d\d/u, `rollout-${year}-01-05`));
  await mkdir(join(sessions, year, "01/05"), { recursive: true });
  await rename(join(sessions, relative), path);
  for (const day of ["02/01", "02/02", "02/03"]) {
    await mkdir(join(sessions, year, day), { recursive: true });
    await writeFile(join(sessions, year, day, `rollout-${year}-${day.replace("/", "-")}T00-00-00-01a229d8-d9fc-7530-81e0-d60174a3e8d4.jsonl`), "");
  }
  // It knows the thread's place; without it the folders are read again.
  for (const name of await readdir(home)) if (name.startsWith("state_")) await rm(join(home, name));
  return { id: basename(path, ".jsonl").slice(-36), path };
}
