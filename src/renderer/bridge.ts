/** The window's side of the bridge: calls that throw the studio's own errors, and the two streams of events. */
import type { Bridge } from '../shared/contract/bridge.ts';
import type { CommandName, CommandRequest, CommandResponse } from '../shared/contract/commands.ts';
import { LorikeetError } from '../shared/errors/lorikeet-error.ts';

declare global {
  interface Window {
    readonly lorikeet: Bridge;
  }
}

/** Asks the main process. Throws a LorikeetError with the problem that it answered. */
export async function call<N extends CommandName>(
  command: N,
  request: CommandRequest<N>,
): Promise<CommandResponse<N>> {
  const answer = await window.lorikeet.invoke(command, request);
  if (!answer.ok) throw new LorikeetError(answer.problem);
  return answer.value;
}

/** `window.lorikeet`, for the events and for dropped files. */
export function bridge(): Bridge {
  return window.lorikeet;
}
