/** Where and how the verbs that send print. */
export interface SendOutput {
  readonly format: "text" | "json" | "events";
  readonly print: (text: string) => void;
  /** Something a person may want to know, beside the output. */
  readonly notice: (text: string) => void;
  /** One line that replaces itself, for a person who watches; nothing where nobody does. An empty text removes it. */
  readonly progress: (text: string) => void;
}
