/** The exit code is that of what was done, so that nobody does it again for want of its output. */
export function outputLost(error: Error): string {
  return `dispatch: Standard output cannot be written: ${error.message}. The exit code tells the outcome; \`dispatch list\` tells more.`;
}
