export * from "./gen/dispatch/v1/coordinator.js";
export * from "./gen/dispatch/v1/delivery.js";
export * from "./gen/dispatch/v1/detection.js";
export * from "./gen/dispatch/v1/finding.js";
export * from "./gen/dispatch/v1/node_agent.js";
export * from "./gen/dispatch/v1/reason.js";
export * from "./gen/dispatch/v1/target.js";
