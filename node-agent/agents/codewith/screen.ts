/** Codewith is a Codex fork whose screens read like Codex's. */
export { readCodexScreen as readCodewithScreen } from "../codex/screen.js";
