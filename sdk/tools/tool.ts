import type * as z from "zod";
import type { Config } from "../../core/config/config.js";
import type { DispatchClient } from "../index.js";

/** What a tool may use while it runs. */
export interface ToolContext {
  readonly config: Config;
  /** Aborts when the caller gives the call up. */
  readonly signal: AbortSignal;
  /** Connects on first use, and starts the background process where that is ours to do. */
  readonly client: () => Promise<DispatchClient>;
  /** Tells the caller how far it is, where it asked to be told. */
  readonly progress: (message: string) => void;
}

/** One tool of the server: what it takes, what it gives, and what it does. */
export interface Tool<Input extends z.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: z.ZodRawShape;
  /** Fields that name files which this process would read: not for callers who are not its user. */
  readonly readsFiles?: readonly (keyof Input)[];
  /** Changes nothing: neither panes nor deliveries. */
  readonly readOnly: boolean;
  /** It may undo what somebody else wants kept. */
  readonly destructive?: boolean;
  /** The same call again changes nothing more. */
  readonly idempotent?: boolean;
  run(input: z.infer<z.ZodObject<Input>>, context: ToolContext): Promise<ToolResult>;
}

export interface ToolResult {
  readonly result: Record<string, unknown>;
  /** It did not do what was asked. */
  readonly failed?: boolean;
}

export function tool<Input extends z.ZodRawShape>(definition: Tool<Input>): Tool<Input> {
  return definition;
}
