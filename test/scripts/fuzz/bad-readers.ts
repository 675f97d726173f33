/** Readers that misbehave, each in its own way, in the process that `Watch` starts. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readRanges } from '../../../scripts/fuzz/read-ranges.ts';
import type { Reader } from '../../../scripts/fuzz/readers.ts';
import { lorikeetError } from '../../../src/shared/errors/lorikeet-error.ts';

/** This file: it is what is started, and the sound file that inputs are made of. */
export const here = fileURLToPath(import.meta.url);

/** Where nothing may be written. */
export const written = `${here}.written`;

/** Reached sooner than the bounds of the program. */
export const bounds = { cpuMs: 300, bytes: 16 << 20 };

/** Too slow, and done before it is ended for that. */
function beSlow(): void {
  const start = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(start);
    if (user + system > 1500 * bounds.cpuMs) return;
  }
}

const ways = {
  reads: () => undefined,
  refuses: () => {
    throw lorikeetError('studio/not-found', { kind: 'model', name: 'none' });
  },
  fails: () => {
    throw new TypeError('none of ours');
  },
  ends: () => process.exit(7),
  'is slow': beSlow,
  hangs: () => {
    for (;;);
  },
  'takes memory': () => Buffer.alloc(3 * bounds.bytes, 1).length,
  'writes elsewhere': () => {
    writeFileSync(written, '');
  },
};
export type Way = keyof typeof ways;

const badReaders: readonly Reader[] = Object.entries(ways).map(([name, misbehave]) => ({
  name,
  seeds: [here],
  mutate: () => Buffer.from('changed'),
  // The sound file itself is read before.
  read: (path) => (path === here ? undefined : misbehave()),
}));

if (process.argv[1] === here) readRanges(badReaders);
