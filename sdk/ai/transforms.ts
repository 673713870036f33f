/** What a model is asked about a transcript, by name. */
export const aiTransforms = {
  summary: "Summarize what happens in the transcript: what the agent was asked, what it has done, and where it stands. At most ten short lines.",
  blockers: "List what blocks the agent or waits for a person: errors, questions, missing permissions, failing tests. Quote the line that shows it. Say so where nothing does.",
  changes: "List the changes that the agent made or proposes: files, commands that were run, commits. Name only what the transcript shows.",
  "next-steps": "List the next steps that follow from the transcript, most urgent first. Name only what the transcript gives reason for.",
} as const;

export type AiTransform = keyof typeof aiTransforms;
export const aiTransformNames = Object.keys(aiTransforms) as readonly AiTransform[];
