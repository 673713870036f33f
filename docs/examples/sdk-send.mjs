// Sends one prompt and prints each step, then the agent's answer: node sdk-send.mjs work:agent "hello"
import { DispatchClient, DispatchError } from "dispatch-mesh";

const [target, prompt] = process.argv.slice(2);
const client = await DispatchClient.connect();
try {
  const run = client.send({ target, prompt, waitFor: "finished", onBusy: "queue" });
  for await (const { step, detail } of run) console.log(step, detail);
  const { status, reason, answer } = await run;
  console.log(status, reason, answer);
} catch (error) {
  if (!(error instanceof DispatchError)) throw error;
  console.error(error.reason, error.message, error.hint);
} finally {
  client.close();
}
