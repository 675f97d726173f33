/** What can be wrong with where an adapter or a model came from. */
import type { Catalogue } from './problem.ts';

/** Enough of a fingerprint to tell two apart. */
function short(sha256: string): string {
  return sha256.slice(0, 12);
}

type Base = { path: string; sha256: string };

export const originErrors = {
  'origin/base-changed': (d: { path: string; base: Base; recorded: Base }) => ({
    what: `The adapter was made on other files than this base: on ${d.recorded.path} with the fingerprint ${short(d.recorded.sha256)}, and ${d.base.path} has ${short(d.base.sha256)}.`,
    where: d.path,
    next: 'Choose the base that it was made on. Where another is meant, such as the original weights of a quantised file, say so: --other-base on the command line, "Use this base" in the window.',
  }),
  'origin/file-changed': (d: { path: string }) => ({
    what: 'The file was changed after it had been opened: what is in it now is not what was read.',
    where: d.path,
    next: 'Leave the files of a run as they are until it has begun, and start again where it is to be known what it learnt from.',
  }),
  'origin/unknown-form': (d: { path: string }) => ({
    what: 'The file that says where this came from is damaged, or of a newer Lorikeet.',
    where: d.path,
    next: 'Use the Lorikeet that wrote it. Without the file the adapter or model works as before, and counts as made elsewhere.',
  }),
  'origin/nothing-there': (d: { path: string }) => ({
    what: 'There is nothing here whose origin could be told.',
    where: d.path,
    next: 'Name the folder of an adapter or of an exported model, or an exported file.',
  }),
} satisfies Catalogue;
