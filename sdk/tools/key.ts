import * as z from "zod";
import { deliveryExitCode, deliveryJson } from "../index.js";
import { addressOf, compactDelivery, delivery, targetInput, verbose } from "./schemas.js";
import { tool } from "./tool.js";

export const key = tool({
  name: "dispatch_key",
  title: "Press a key in an agent",
  description: "Presses one key: Enter, Tab, Escape, arrows, Backspace and the like. Enter only where the composer is idle and empty: never on a question, never on a draft.",
  readOnly: false,
  destructive: true,
  input: { ...targetInput, key: z.string().describe("Name of the key, such as Escape."), verbose },
  output: z.object(delivery).partial().shape,
  async run({ key: name, verbose: all, ...named }, { client, signal }) {
    const done = await (await client()).key({ target: addressOf(named), key: name, signal });
    return { result: compactDelivery(deliveryJson(done), all), failed: deliveryExitCode(done) !== 0 };
  },
});
