/** The one exception of the project. Every code has its text in the catalogue. */
import { catalogue, type Details, type ErrorCode } from './catalogue.ts';
import type { Problem } from './problem.ts';
import { databaseReason, isWriting, knownFileReason, pathOf } from './file-reason.ts';
import { shortened, shortenedPlace } from './shortened.ts';
import { messageOf } from './message-of.ts';

export class LorikeetError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super([problem.what, problem.where, problem.next].filter(Boolean).join(' — '), options);
    this.name = 'LorikeetError';
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** Makes the error of `code`, with what is quoted from files cut to what a person reads; its details are checked against the catalogue's text function. */
export function lorikeetError<C extends ErrorCode>(
  code: C,
  details: Details<C>,
  options?: ErrorOptions,
): LorikeetError {
  const text = catalogue[code](details);
  return new LorikeetError(
    {
      code,
      what: shortened(text.what),
      where: text.where === undefined ? null : shortenedPlace(text.where),
      next: shortened(text.next),
    },
    options,
  );
}

/**
 * Any thrown value as data. What the operating system or the database says of a file gets their words, and what nobody
 * expected becomes 'internal/unexpected' with its message.
 */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof LorikeetError) return thrown.problem;
  const file = knownFileReason(thrown);
  const path = pathOf(thrown);
  if (file !== null && (path !== null || isWriting(thrown)))
    return lorikeetError('output/file-failed', { path, reason: file }).problem;
  const database = databaseReason(thrown);
  if (database !== null) return lorikeetError('store/failed', { reason: database }).problem;
  const message = messageOf(thrown);
  return lorikeetError('internal/unexpected', { message }).problem;
}
