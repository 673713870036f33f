/** The prompt as a goal of the agent; one that is written as a goal stays as it is. */
export function withGoalPrefix(prompt: string): string {
  return /^\/goal(?:\s|$)/u.test(prompt) ? prompt : `/goal ${prompt}`;
}
