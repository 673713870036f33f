import * as z from "zod";
import { deliveryJson } from "../../sdk/index.js";
import { delivery } from "../schemas.js";
import { tool } from "../tool.js";

export const status = tool({
  name: "dispatch_status",
  title: "Look a delivery up",
  description: "Where one delivery stands, with its steps and its evidence.",
  readOnly: true,
  input: { id: z.string().describe("Id or key of the delivery.") },
  output: delivery,
  async run(client, { id }, signal) {
    return { result: deliveryJson(await client.get(id, { signal })) };
  },
});
