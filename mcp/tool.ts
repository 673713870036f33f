import type * as z from "zod";
import type { DispatchClient } from "../sdk/index.js";

/** One tool of the server: what it takes, what it gives, and what it does. */
export interface Tool<Input extends z.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: z.ZodRawShape;
  /** Changes nothing: neither panes nor deliveries. */
  readonly readOnly: boolean;
  run(client: DispatchClient, input: z.infer<z.ZodObject<Input>>, signal: AbortSignal): Promise<ToolResult>;
}

export interface ToolResult {
  readonly result: Record<string, unknown>;
  /** It did not do what was asked. */
  readonly failed?: boolean;
}

export function tool<Input extends z.ZodRawShape>(definition: Tool<Input>): Tool<Input> {
  return definition;
}
