import { defineConfig } from "vitest/config";

const shared = { setupFiles: ["test/testkit/fail-on-warning.ts"], testTimeout: 20_000, hookTimeout: 30_000 };

/** Rooms whose tests run our programs: those are built once for a run, with a scripted node in place of the real one. */
const programs = ["test/cli/**/*.test.ts", "test/sdk/**/*.test.ts", "test/mcp/**/*.test.ts", "test/http/**/*.test.ts"];

/** Tests of everything together, as it is shipped. */
const product = ["test/integration/**/*.test.ts", "test/chaos/**/*.test.ts", "test/mesh/**/*.test.ts"];

export default defineConfig({
  test: {
    projects: [
      { test: { ...shared, name: "programs", include: programs, globalSetup: ["test/testkit/programs/global-setup.ts"] } },
      { test: { ...shared, name: "product", include: product, globalSetup: ["test/testkit/product/global-setup.ts"], testTimeout: 60_000, maxConcurrency: 6 } },
      // clipanion's own modules are found by bundlers alone.
      { test: { ...shared, name: "rooms", include: ["test/**/*.test.ts"], exclude: [...programs, ...product], server: { deps: { inline: ["clipanion"] } } } },
    ],
  },
});
