/** `npm run alive`: whether the window stays alive, with a real run, a large store and a person who clicks. */
import { parseArgs } from 'node:util';
import { say } from '../lib/say.ts';
import { isMet, renderRows, type Row } from './figures.ts';
import { clickWhileTraining, memoryOverPoints, openBigStore } from './phases.ts';

const options = {
  clicks: { type: 'string', default: '200' },
  points: { type: 'string', default: '20000' },
  runs: { type: 'string', default: '10000' },
  steps: { type: 'string', default: '100000' },
  help: { type: 'boolean', default: false },
} as const;

const help = `npm run alive -- [options]

Starts the real window and measures what a person would notice. Nothing else should be at work on the machine.

  --clicks N   clicks while the starter model trains on every core (${options.clicks.default})
  --points N   steps of a tiny model, over which memory is watched (${options.points.default})
  --runs N     runs in the list that is opened (${options.runs.default})
  --steps N    steps of the run that is opened (${options.steps.default})

0 leaves a part out.`;

/** Resolves with the exit code: 1 where a goal was missed, 2 for a wrong call. The window has to be built, and a screen there. */
export async function alive(args: readonly string[]): Promise<number> {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    return 2;
  }
  const { clicks, points, runs, steps } = values;
  const rows: Row[] = [
    ...(runs > 0 ? await openBigStore({ runs, steps }) : []),
    ...(clicks > 0 ? await clickWhileTraining(clicks) : []),
    ...(points > 0 ? await memoryOverPoints(points) : []),
  ];
  process.stdout.write(`${renderRows(rows)}\n`);
  return rows.every(isMet) ? 0 : 1;
}

export function asksForHelp(args: readonly string[]): boolean {
  if (!args.includes('--help')) return false;
  say(help);
  return true;
}

function parse(args: readonly string[]) {
  const { values } = parseArgs({ args: [...args], options });
  const number = (name: 'clicks' | 'points' | 'runs' | 'steps') => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= 0) return value;
    throw new RangeError(`--${name} takes a number of 0 or more.`);
  };
  return {
    clicks: number('clicks'),
    points: number('points'),
    runs: number('runs'),
    steps: number('steps'),
  };
}
