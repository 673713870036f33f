// `node tcp-proxy.mjs LISTEN TARGET` (host:port each): carries TCP connections, as badly as it is told to by lines on standard input.
//   pass | stall | cut | half-open | delay MS
// Each line is answered by the same line once it holds. `stall` carries nothing and closes nothing, new connections included; `cut` resets
// those that stand; `half-open` ends them towards the target alone, and opens no more.
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";

const [listen, target] = process.argv.slice(2).map((text) => ({ host: text.slice(0, text.lastIndexOf(":")), port: Number(text.slice(text.lastIndexOf(":") + 1)) }));
const pairs = new Set();
let mode = "pass";
let delayMs = 0;

function carry(from, to) {
  let last = Promise.resolve();
  from.on("data", (chunk) => {
    const due = performance.now() + delayMs;
    last = last.then(() => new Promise((resolve) => {
      const wait = due - performance.now();
      if (wait <= 0) resolve();
      else setTimeout(resolve, wait);
    })).then(() => to.write(chunk));
  });
  from.on("end", () => void last.then(() => mode === "half-open" || to.end()));
}

const server = createServer({ pauseOnConnect: true }, (client) => {
  const pair = { client, upstream: undefined };
  pairs.add(pair);
  client.on("error", () => undefined).on("close", () => {
    pairs.delete(pair);
    pair.upstream?.destroy();
  });
  if (mode === "pass") open(pair);
});

function open(pair) {
  pair.upstream = connect(target);
  pair.upstream.on("error", () => undefined).on("close", () => mode === "half-open" || pair.client.destroy());
  carry(pair.client, pair.upstream);
  carry(pair.upstream, pair.client);
  pair.client.resume();
}

const modes = {
  pass() {
    for (const pair of pairs) {
      if (!pair.upstream) open(pair);
      else if (pair.upstream.destroyed) pair.client.destroy();
      else for (const socket of [pair.client, pair.upstream]) socket.resume();
    }
  },
  stall() {
    for (const { client, upstream } of pairs) for (const socket of [client, upstream]) socket?.pause();
  },
  cut() {
    for (const { client, upstream } of pairs) for (const socket of [client, upstream]) socket?.resetAndDestroy();
  },
  "half-open"() {
    for (const { upstream } of pairs) upstream?.destroy();
  },
};

server.listen(listen, () => process.stdout.write("ready\n"));
createInterface({ input: process.stdin }).on("line", (line) => {
  const [word, number] = line.split(" ");
  if (word === "delay") delayMs = Number(number);
  else {
    // What is cut is made anew.
    mode = word === "cut" ? "pass" : word;
    modes[word]();
  }
  process.stdout.write(`${line}\n`);
}).on("close", () => process.exit(0));
