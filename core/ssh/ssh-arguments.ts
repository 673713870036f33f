import { DispatchError } from "../errors/dispatch-error.js";

/** `user@host`, a name of ~/.ssh/config, or `ssh://user@host:port`: nothing that ssh could take for an option, and nothing of a shell. */
const destinationForm = /^(?:ssh:\/\/)?(?:[A-Za-z0-9_.+-]+@)?(?!-)(?:[A-Za-z0-9_.-]+|\[[0-9a-fA-F:.%]+\])(?::\d{1,5})?$/;

export function isSshDestination(text: string): boolean {
  return destinationForm.test(text) && !text.startsWith("-");
}

/**
 * Arguments of OpenSSH for one command on another machine. It never asks; a dead machine is found within 3 s; further commands go through
 * the connection of the first (a control master) while that stands. Its socket lies in `controlFolder`, which is private.
 */
export function sshArguments(destination: string, controlFolder: string, command: string): string[] {
  if (!isSshDestination(destination)) throw new DispatchError("invalid_argument", `destination: "${destination}" is not user@host.`, { metadata: { field: "destination", value: destination } });
  const options = ["BatchMode=yes", "ConnectTimeout=10", "ServerAliveInterval=1", "ServerAliveCountMax=3", "ControlMaster=auto", `ControlPath=${controlFolder}/%C`, "ControlPersist=no"];
  return ["-T", ...options.flatMap((option) => ["-o", option]), "--", destination, command];
}

/** Where `dispatch` is found on the other machine, before what PATH there says. Fixed text: nothing that is given becomes part of a command. */
export const remotePath = 'PATH="$HOME/.local/bin:$HOME/.local/share/dispatch/node_modules/.bin:$PATH"';
