import * as z from "zod";
import { deliveryJson, deliveryStatuses } from "../../sdk/index.js";
import { delivery } from "../schemas.js";
import { tool } from "../tool.js";

export const list = tool({
  name: "dispatch_list",
  title: "List deliveries",
  description: "Deliveries, newest first.",
  readOnly: true,
  input: {
    status: z.enum(deliveryStatuses).optional().describe("Only this status."),
    limit: z.int().min(1).max(1000).optional().describe("How many. Default: 20."),
  },
  output: { deliveries: z.array(z.looseObject(delivery)) },
  async run(client, { status, limit = 0 }, signal) {
    return { result: { deliveries: (await client.list({ ...(status && { status }), limit, signal })).map(deliveryJson) } };
  },
});
