// Sends one prompt over gRPC with nothing but the .proto files: node grpc-send.mjs unix:STATE/coordinator.sock work:agent "hello"
import { credentials, loadPackageDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [address, pane, prompt] = process.argv.slice(2);
const protos = join(dirname(fileURLToPath(import.meta.resolve("dispatch-mesh/package.json"))), "proto");
const definition = loadSync("dispatch/v1/coordinator.proto", { includeDirs: [protos], enums: String, longs: String });
const { Coordinator } = loadPackageDefinition(definition).dispatch.v1;
const client = new Coordinator(address, credentials.createInsecure());

for await (const { update } of client.Send({ target: { pane }, prompt, options: { waitFor: "WAIT_FOR_FINISHED" } })) {
  console.log(update.step);
  if (update.delivery) console.log(update.delivery.status, update.delivery.answer);
}
client.close();
