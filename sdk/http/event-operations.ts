/** OpenAPI has no words for what a stream of events holds: it is told in sentences. */
const events = (description: string): Record<string, unknown> => ({ "text/event-stream": { schema: { type: "string", description } } });

export const failed = { description: "It could not be tried.", content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } } };

/** Of `POST /v1/dispatches` where the caller accepts events. */
export const toldAsItGoes = events("`progress` with {message} for each step, then `result` as in JSON, or `error` as an Error.");

export const deliveryEvents = {
  operationId: "getDispatchesIdEvents", summary: "The steps of a delivery as they come", description: "From its first step to the end of the agent's turn.",
  parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
  responses: { 200: { description: "Server-sent events.", content: events("`step` for each step, its number as id, then `result` with the delivery.") }, default: failed },
};

export const watchEvents = {
  operationId: "getWatch", summary: "Panes whenever their state changes", description: "Until the caller leaves.",
  parameters: [{ name: "target", in: "query", required: false, schema: { type: "string", description: "Only this pane." } }],
  responses: { 200: { description: "Server-sent events.", content: events("`state` with the pane, `gone` once it is closed, `error` as an Error.") }, default: failed },
};
