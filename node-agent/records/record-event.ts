/** What one entry of a record says, in words that all agents share. `id` is the entry's own name, where entries are linked. */
export type RecordEvent =
  /** A message of the user; `texts` are the ways in which it may hold one prompt (its parts, and all of them together). */
  | { readonly type: "user"; readonly texts: readonly string[]; /** A change that the agent made beside the text, by name. */ readonly change?: string | undefined; /** Messages of one group go to the model as one. */ readonly group?: string | undefined; readonly id?: string | undefined }
  /** A prompt that the agent holds for its next turn. */
  | { readonly type: "enqueued"; readonly text: string; /** A change that the agent made beside the text, by name. */ readonly change?: string | undefined }
  /** Prompts were taken out of the agent's queue without being recorded as messages yet: `text` names one, absent means all. */
  | { readonly type: "removed"; readonly text?: string | undefined }
  /** A prompt that the agent was given and turned away; `texts` are the ways in which the entry may name it. */
  | { readonly type: "rejected"; readonly texts: readonly string[] }
  /** The next prompt of the queue is being taken into a turn. */
  | { readonly type: "dequeued" }
  /** Text of the agent. */
  | { readonly type: "answer"; readonly text: string; readonly id?: string | undefined }
  | { readonly type: "turn_started" }
  | { readonly type: "turn_ended"; readonly answer?: string | undefined; readonly id?: string | undefined }
  /** The entry that stands before another in the conversation, which need not be their order in the record. */
  | { readonly type: "linked"; readonly id: string; readonly before: string | undefined };
