/** The one exception of the project. Every code has its text in the catalogue. */
import { catalogue, type Details, type ErrorCode } from './catalogue.ts';
import type { Problem } from './problem.ts';
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

/** Makes the error of `code`; its details are checked against the catalogue's text function. */
export function lorikeetError<C extends ErrorCode>(
  code: C,
  details: Details<C>,
  options?: ErrorOptions,
): LorikeetError {
  const text = catalogue[code](details);
  return new LorikeetError(
    { code, what: text.what, where: text.where ?? null, next: text.next },
    options,
  );
}

/** Any thrown value as data; what is not ours becomes 'internal/unexpected' with its message. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof LorikeetError) return thrown.problem;
  const message = messageOf(thrown);
  return lorikeetError('internal/unexpected', { message }).problem;
}
