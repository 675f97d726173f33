/** What `npm run check` runs: everything, or a part for a small change, for the engine, or for other processors. */
import { say } from '../lib/say.ts';
import type { Need } from '../setup/index.ts';
import { changedFiles } from './changed-files.ts';
import {
  build,
  format,
  lint,
  order,
  tests,
  types,
  unused,
  windowTypes,
  type Check,
} from './check.ts';
import { hasBfloat16, heldTo, instructionSets } from './instruction-sets.ts';

export type Lane = {
  need: Need;
  /** Rows of checks; the rows run at once, and the checks of a row one after another. */
  checks: () => Promise<Rows> | Rows;
};
type Rows = readonly (readonly Check[])[];

const linted = /\.(ts|js|mjs|svelte)$/;

const everything: Lane = {
  need: 'tests',
  // What waits for windows, or reads sources, runs beside what computes.
  checks: () => [
    [build, tests(['e2e']), tests(['package'])],
    [tests(['fast', 'window']), tests(['engine']), tests(['programs'])],
    [format(), order(), unused, types, lint(), windowTypes],
  ],
};

/** Half a minute, with nothing but npm's packages. */
const fast: Lane = {
  need: 'packages',
  checks: async () => {
    const changed = await changedFiles();
    const code = changed.filter((file) => linted.test(file));
    const ofSource = code.filter((file) => file.startsWith('src/'));
    const inWindow = changed.some((file) =>
      /^(src\/(renderer|shared)|test\/renderer)\//.test(file),
    );
    const linting = [
      ...(changed.length > 0 ? [format(changed)] : []),
      ...(code.length > 0 ? [lint(code)] : []),
      ...(ofSource.length > 0 ? [order(ofSource)] : []),
    ];
    const typing = [...(code.length > 0 ? [types] : []), ...(inWindow ? [windowTypes] : [])];
    return [linting, [...typing, tests(['fast', 'window'])]];
  },
};

const engine: Lane = { need: 'terminal', checks: () => [[types, order(), tests(['engine'])]] };

/** The engine's tests, once under each instruction set that this processor has. */
const processors: Lane = {
  need: 'terminal',
  checks: () => {
    const sets = instructionSets();
    say(`Instruction sets of this processor: ${sets.map(({ name }) => name).join(', ')}.`);
    const without = sets.filter((each) => !hasBfloat16(each)).map(({ name }) => name);
    if (without.length > 0)
      say(`Left out under ${without.join(', ')}: what computes in bfloat16. See hasBfloat16.`);
    return [
      sets.map((each) => {
        const options = without.includes(each.name) ? { without: 'bfloat16' } : {};
        return tests(['engine'], { under: each.name, env: heldTo(each), ...options });
      }),
    ];
  },
};

const linting: Lane = { need: 'packages', checks: () => [[lint()]] };

/** By the option that asks for it; '' for none. */
export const lanes: Readonly<Record<string, Lane>> = {
  '': everything,
  '--fast': fast,
  '--engine': engine,
  '--processors': processors,
  '--lint': linting,
};
