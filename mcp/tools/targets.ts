import * as z from "zod";
import { targetJson } from "../../sdk/index.js";
import { target } from "../schemas.js";
import { tool } from "../tool.js";

export const targets = tool({
  name: "dispatch_targets",
  title: "List panes",
  description: "Every tmux pane with what is in it: which agent, in which state, whether it takes a prompt now, and why we say so.",
  readOnly: true,
  input: {
    machine: z.string().optional().describe("Only this machine."),
    server: z.string().optional().describe("Only this tmux server: socket path or -L name."),
  },
  output: { targets: z.array(target) },
  async run(client, { machine = "", server = "" }, signal) {
    return { result: { targets: (await client.targets({ machine, server, signal })).map(targetJson) } };
  },
});
