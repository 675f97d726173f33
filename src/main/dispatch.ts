/** Turns what the page asks into a call of the command's handler, and the outcome into an Answer. Free of Electron. */
import type { z } from 'zod';
import type { Answer } from '../shared/contract/bridge.ts';
import {
  type CommandHandlers,
  type CommandName,
  type CommandRequest,
  type CommandResponse,
  commands,
} from '../shared/contract/commands.ts';
import { lorikeetError, toProblem } from '../shared/errors/lorikeet-error.ts';
import type { Log } from './log.ts';
import { isRefusal, nameOf, noteRefusal } from './refusals.ts';

type Shapes = {
  [N in CommandName]: {
    request: z.ZodType<CommandRequest<N>>;
    response: z.ZodType<CommandResponse<N>>;
  };
};
const shapes: Shapes = commands;

function isCommand(name: unknown): name is CommandName {
  return typeof name === 'string' && Object.hasOwn(shapes, name);
}

/**
 * Answers one request of the page: parses it, calls its handler, parses the response. A request
 * that does not fit is 'studio/bad-request', with every setting that is wrong; it is noted in the log.
 */
export async function dispatch(
  handlers: CommandHandlers,
  log: Log,
  name: unknown,
  request: unknown,
): Promise<Answer<unknown>> {
  try {
    if (!isCommand(name))
      throw lorikeetError('studio/bad-request', {
        command: nameOf(name),
        reason: 'there is no such command',
      });
    return { ok: true, value: await run(handlers, name, request) };
  } catch (thrown) {
    const problem = toProblem(thrown);
    if (problem.code === 'internal/unexpected') log.fault(nameOf(name), thrown);
    if (isRefusal(problem)) noteRefusal(log, nameOf(name), problem);
    return { ok: false, problem };
  }
}

async function run<N extends CommandName>(
  handlers: CommandHandlers,
  name: N,
  raw: unknown,
): Promise<CommandResponse<N>> {
  const shape = shapes[name];
  const request = shape.request.safeParse(raw);
  if (!request.success)
    throw lorikeetError('studio/bad-request', { command: name, reason: reasonOf(request.error) });
  return shape.response.parse(await handlers[name](request.data));
}

/** 'lora.rank: …; batchSize: …' */
function reasonOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ');
}
