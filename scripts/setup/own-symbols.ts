/**
 * TensorFlow's library is marked as one that is searched first for its own symbols. 400,000 of them are looked up when it is loaded,
 * each in all libraries of the process before it, of which Electron has a hundred: loading takes less than half the time.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from './step.ts';
import { entryToMark, mark } from './symbolic-mark.ts';
import { runtimeFolder } from './tensorflow.ts';

const library = (): string => join(runtimeFolder(), 'tensorflow/libtensorflow_cc.so.2');
/** As the Apache License wants it of files that were changed. */
const changes =
  'Lorikeet has changed libtensorflow_cc.so.2: the entry of its dynamic section that names the loader is DT_SYMBOLIC.\n';

export const ownSymbols: Step = {
  name: "TensorFlow's own symbols first",
  done: () => entryToMark(library()) === null,
  run: () => {
    writeFileSync(join(runtimeFolder(), 'tensorflow/CHANGES.txt'), changes);
    mark(library());
    return Promise.resolve();
  },
};
