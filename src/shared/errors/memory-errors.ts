/** What can go wrong where memory does not do. Sizes in bytes. */
import { formatBytes, formatCount, plainSpaces } from '../format.ts';
import { listed } from './listed.ts';
import type { Catalogue } from './problem.ts';

type Parts = Readonly<Record<'weights' | 'adapter' | 'activations' | 'runtime', number>>;

const size = (bytes: number) => plainSpaces(formatBytes(bytes));

function sayParts({ weights, adapter, activations, runtime }: Parts): string {
  return listed([
    `base weights ${size(weights)}`,
    `adapter and optimiser ${size(adapter)}`,
    `activations ${size(activations)}`,
    `runtime ${size(runtime)}`,
  ]);
}

export const memoryErrors = {
  /** Before anything is computed. */
  'engine/no-address-space': ({ left, needed }: { left: number; needed: number }) => ({
    what: `The limit of address space leaves ${size(left)} to this process, and the engine alone maps about ${size(needed)} before it computes anything.`,
    where: 'ulimit -v',
    next: 'Raise that limit by the difference and what the run itself needs, or lift it (ulimit -v unlimited). A control group (systemd-run -p MemoryMax=8G) bounds memory that is really used.',
  }),
  /** Sizes of the keys and values of all tokens, and of what can be had. */
  'engine/answer-too-long': (d: { path: string; tokens: number; needed: number; most: number }) => ({
    what: `Prompt and answer may have ${formatCount(d.tokens)} tokens, whose keys and values take ${size(d.needed)} of memory; ${size(d.most)} can be had at the very most.`,
    where: d.path,
    next: 'Ask for a shorter answer (--max-new-tokens).',
  }),
  /** `free` is all that the run can have, swap included; `parts` add up to `needed`. */
  'train/too-large': ({ needed, free, parts }: { needed: number; free: number; parts: Parts }) => ({
    what: `The run needs about ${size(needed)} of memory, and can have ${size(free)} at the very most (${sayParts(parts)}).`,
    where: 'memory',
    next: `${
      needed - parts.activations < free
        ? 'Lower the batch size or the sequence length, or keep only layer inputs for the backward pass'
        : 'Hold the base in a smaller form, or choose a smaller model'
    }; closing other programs helps, too. Run anyway (--run-anyway) if you know better.`,
  }),
  /** `why` is a sentence. */
  'train/memory-ran-out': (d: { step: number; why: string }) => ({
    what: `Memory ran out at step ${d.step}, and the run has no way left to need less. ${d.why}`,
    where: `step ${d.step}`,
    next: 'Close other programs and have it go on, or start anew with shorter sequences or a smaller form of the base.',
  }),
} satisfies Catalogue;
