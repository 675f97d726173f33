/** Why a run cannot go on from a checkpoint, before it is said what comes of that. */
import { LorikeetError } from '../../../shared/errors/lorikeet-error.ts';

/** The message is a clause: 'its state.safetensors is not the one that was written with it'. */
export class Flaw extends Error {
  /** Nothing is left of it. */
  readonly gone: boolean;

  constructor(
    reason: string,
    { gone = false, ...options }: ErrorOptions & { gone?: boolean } = {},
  ) {
    super(reason, options);
    this.name = 'Flaw';
    this.gone = gone;
  }
}

/**
 * What `read` gives of a file of a checkpoint. The readers of models give advice about models, which is of no use here: of what
 * they find only what happened is taken. Throws a `Flaw` then.
 */
export async function partOf<T>(name: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    if (!(thrown instanceof LorikeetError)) throw thrown;
    const found = thrown.problem.what.replace(/\.$/, '');
    throw new Flaw(`its ${name} does not read well. ${found}`, { cause: thrown });
  }
}
