/** The heads that runs go on from: those of the classifiers that they start from. */
import { knownLabels, type KnownLabels } from '../model/classifier.ts';
import type { Labels } from '../model/architecture.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { openHead } from './open-head.ts';
import { tellsApart, type StartAdapter, type Starts } from './start-adapters.ts';

export type GivenHead = {
  /** Where the first of them lies. */
  path: string;
  labels: KnownLabels;
  /** What its file says that its labels are; null where it says nothing. */
  problem: Labels['problem'];
  /** Values by the names of the head's tensors; null for a run that is given no head. */
  of: (run: number) => ((path: string) => Float32Array | undefined) | null;
};

/**
 * Null where no run starts from a classifier.
 * Errors: adapter/labels-differ, adapter/no-head.
 */
export function givenHead(starts: Starts, checkpoint: Checkpoint): GivenHead | null {
  const given = starts.filter(
    (start): start is StartAdapter => start !== null && tellsApart(start),
  );
  const [first] = given;
  const head = openHead(
    given.map(({ adapter }) => adapter),
    given.map(({ path }) => path),
    checkpoint,
  );
  if (!first || !head) return null;
  return {
    path: first.path,
    labels: knownLabels(head.labels),
    problem: head.labels.problem,
    of: (run) => {
      const place = given.findIndex((start) => start === starts[run]);
      const saved = head.adapters[place]?.saved;
      return saved ? (path) => saved.get(path)?.values : null;
    },
  };
}
