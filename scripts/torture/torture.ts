/** Kills processes of one kind at moments that are drawn, looks at what is left, and has each run go on to its end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, type Random } from '../../src/main/engine/random.ts';
import { leftovers, partialCheckpoints } from './check-folders.ts';
import { expectedOf, otherAdapter, type Expected } from './expected.ts';
import { inspect, type Finding } from './inspect.ts';
import { jobs, writeData, type Job } from './job.ts';
import { drawMoment } from './moment.ts';
import { Report } from './report.ts';
import { nextId, storeOf, withStore } from './store-of.ts';
import type { Kind, Run, Session, Victim } from './victim.ts';
import { victimOf } from './victims.ts';

export type Options = {
  kills: number;
  seed: number;
  /** Which jobs are trained; all where nothing is said. */
  jobs?: readonly Job[];
  say: (line: string) => void;
};

/** The most kills that a run meets. */
const killsOfRun = 8;

export async function torture(kind: Kind, options: Options): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), `lorikeet-torture-${kind}-`));
  const data = writeData(folder);
  const victim = victimOf(kind, folder);
  const report = new Report(kind);
  const campaign = new Campaign(victim, data, options, report);
  try {
    while (report.kills < options.kills || campaign.isUnswept) await campaign.run();
  } finally {
    await victim.close();
    report.end();
    // What went wrong is still to be looked at.
    if (report.faults.length === 0) rmSync(folder, { recursive: true, force: true });
    else options.say(`  What is left of it lies in ${folder}`);
  }
  return report;
}

class Campaign {
  readonly #victim: Victim;
  readonly #data: string;
  readonly #options: Options;
  readonly #report: Report;
  readonly #random: Random;
  readonly #expected = new Map<Job, Promise<Expected>>();
  /** Where runs have ended whose folders were not looked at yet. */
  readonly #ended: string[] = [];

  constructor(victim: Victim, data: string, options: Options, report: Report) {
    this.#victim = victim;
    this.#data = data;
    this.#options = options;
    this.#report = report;
    this.#random = createRandom(options.seed);
  }

  /** Whether the last run was killed at its very end: nothing was started after it that could sweep. */
  get isUnswept(): boolean {
    return this.#ended.length > 0;
  }

  /** One run, from its beginning through its kills to its end; one with a fault is left where it is. */
  async run(): Promise<void> {
    const { jobs: asked = jobs } = this.#options;
    const job = asked[this.#random.below(asked.length)];
    if (job === undefined) throw new RangeError('no job to train');
    const expected = await this.#expectedOf(job);
    const run = this.#newRun(job);
    const most = 1 + this.#random.below(killsOfRun);
    let last: Finding | null = null;
    let wasKilled = false;
    for (let kills = 0; ; kills += 1) {
      const record = last?.record ?? null;
      if (record?.state === 'finished') break;
      const { checkpoint } = record ?? { checkpoint: null };
      const isKilled = kills < most && this.#report.kills < this.#options.kills;
      const moment = isKilled
        ? drawMoment(this.#random, expected.life, job, checkpoint?.step ?? 0)
        : null;
      const partials = partialCheckpoints(run.output);
      const session = await this.#victim.session(run, moment);
      // A window that is open already takes less, one that was killed more.
      expected.life.toFirstStep = session.life.toFirstStep ?? expected.life.toFirstStep;
      last = await inspect(this.#victim, run, session, expected, partials);
      last.faults.push(...wrongBeginning(record, session));
      if (session.complaint !== null) last.faults.push(`it cannot go on: ${session.complaint}`);
      this.#report.add(last, session);
      this.#tell(last, session, run);
      if (last.faults.length > 0) {
        this.#ended.length = 0;
        return;
      }
      wasKilled = session.killed;
      if (!wasKilled) break;
    }
    await this.#end(run, expected, wasKilled);
  }

  async #end({ id, output }: Run, expected: Expected, killed: boolean): Promise<void> {
    this.#ended.push(output);
    const left = () => this.#ended.flatMap(leftovers);
    // A window removes them while it goes on.
    for (let tries = 0; !killed && left().length > 0 && tries < 20; tries += 1) await sleep(100);
    // What a run that was killed at its very end has left is the next start's matter.
    const unswept = killed ? [] : left();
    if (!killed) this.#ended.length = 0;
    const faults = withStore(storeOf(this.#victim), ({ runs }) => {
      const record = runs.get(id);
      const state = record.state === 'finished' ? [] : [`it is ${record.state} at its end`];
      return [...state, ...otherAdapter(record, expected), ...unswept];
    });
    this.#report.over(faults);
    for (const fault of faults) this.#options.say(`✗ run ${id}: ${fault}`);
  }

  #newRun(job: Job): Run {
    const id = nextId(this.#victim);
    const output = this.#victim.outputOf(id, job);
    return { job, data: this.#data, output, id, stored: false };
  }

  #expectedOf(job: Job): Promise<Expected> {
    const known = this.#expected.get(job) ?? expectedOf(this.#victim, this.#newRun(job));
    this.#expected.set(job, known);
    return known;
  }

  #tell({ phase, faults, record }: Finding, { killed, shown }: Session, { job, id }: Run): void {
    const { say } = this.#options;
    const step = shown.steps.at(-1)?.step ?? 0;
    const from = record?.checkpoint ? `, checkpoint of step ${record.checkpoint.step}` : '';
    const what = killed ? `kill ${this.#report.kills}: ${phase}` : 'to its end';
    say(`${faults.length > 0 ? '✗' : '·'} ${job.name} ${id} ${what}, step ${step}${from}`);
    for (const fault of faults) say(`    ${fault}`);
  }
}

/** A run goes on after its last checkpoint, or a later one that nobody was told of any more. */
function wrongBeginning(record: Finding['record'], { shown }: Session): string[] {
  const [first] = shown.steps;
  if (first === undefined) return [];
  const { checkpoint, step } = record ?? { checkpoint: null, step: 0 };
  const from = (checkpoint?.step ?? 0) + 1;
  if (first.step >= from && first.step <= step + 1) return [];
  return [`it goes on with step ${first.step}, though its checkpoint is of step ${from - 1}`];
}
