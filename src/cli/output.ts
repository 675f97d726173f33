/** What a command says: results on stdout, everything else on stderr. */
import type { Problem } from '../shared/errors/problem.ts';

export type Output = {
  readonly json: boolean;
  /** One result: an object on a line with --json, else the text of it (nothing where there is none). */
  result(value: object, text?: () => string): void;
  /** Text for a person; left out with --json. */
  text(text: string): void;
  /** Something worth knowing that is not a result, on stderr. */
  note(text: string): void;
};

export function createOutput(json: boolean): Output {
  const print = (text: string) => {
    process.stdout.write(`${text}\n`);
  };
  return {
    json,
    result: (value, text) => {
      if (json) print(JSON.stringify(value));
      else if (text) print(text());
    },
    text: (text) => {
      if (!json) print(text);
    },
    note: (text) => {
      process.stderr.write(`${text}\n`);
    },
  };
}

/** An error on stderr: what, where and what to do next; with --json as one object on a line. */
export function printProblem(problem: Problem, json: boolean): void {
  const lines = [
    `error: ${problem.what}`,
    ...(problem.where === null ? [] : [`where: ${problem.where}`]),
    `next:  ${problem.next}`,
    `code:  ${problem.code}`,
  ];
  process.stderr.write(`${json ? JSON.stringify({ error: problem }) : lines.join('\n')}\n`);
}

/** Where to read more about what nobody expected: the last line on stderr. */
export function tellLog({ path }: { path: string }): void {
  process.stderr.write(`log:   ${path}\n`);
}
