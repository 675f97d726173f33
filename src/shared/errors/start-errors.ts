/** What can be wrong with an adapter that a run is to start from. */
import { listed } from './listed.ts';
import type { Catalogue } from './problem.ts';

type Base = { path: string; sha256: string };

export const startErrors = {
  'start/initialisation': (d: { path: string; init: string }) => ({
    what: `The run is to start from an adapter, and the initialisation ${d.init} would overwrite what that has learnt.`,
    where: d.path,
    next: 'Leave the initialisation as it is by default, or leave the adapter out.',
  }),
  /** `targets`: modules with their layers, in words. */
  'start/targets-left-out': (d: { path: string; targets: string }) => ({
    what: `The adapter that the run is to start from also changes ${d.targets}, which this run does not train: what it has learnt there would be lost.`,
    where: d.path,
    next: 'Add these to the target modules, or leave the targets as the adapter has them.',
  }),
  'start/other-base': (d: { path: string; base: Base; recorded: Base }) => ({
    what: `The adapter that the run is to start from was made on other files than this base: on ${d.recorded.path} with the fingerprint ${d.recorded.sha256.slice(0, 12)}, and ${d.base.path} has ${d.base.sha256.slice(0, 12)}.`,
    where: d.path,
    next: 'Choose the base that it was made on, or another adapter.',
  }),
  'start/other-task': (d: { path: string }) => ({
    what: 'The adapter that the run is to start from tells sequences apart, and the run is to learn answers: its head would be lost.',
    where: d.path,
    next: 'Choose the task sequence-classification, or another adapter.',
  }),
  'start/labels-differ': (d: {
    path: string;
    labels: readonly string[];
    found: readonly string[];
  }) => ({
    what: `The head of the adapter that the run is to start from tells ${listed([...d.labels], 8)} apart, and the data has the labels ${listed([...d.found], 8)}.`,
    where: d.path,
    next: 'Use data with labels that it knows, or start without the adapter.',
  }),
} satisfies Catalogue;
