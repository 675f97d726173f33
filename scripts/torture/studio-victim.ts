/** The studio as a victim: its training engine alone, or the application with all that belongs to it. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { slug } from '../../src/shared/slug.ts';
import type { RunState } from '../../src/shared/contract/records.ts';
import { startRun } from '../../test/e2e/choose.ts';
import { launchStudio, type LaunchedStudio } from '../../test/e2e/launch.ts';
import { invoke } from '../../test/e2e/tiny-run.ts';
import { configOf, type Job } from './job.ts';
import { Killer } from './killer.ts';
import { lifeClock, type Moment } from './moment.ts';
import { watchPartials } from './partial-watch.ts';
import { killApplication, livingOn } from './application-death.ts';
import { killNow } from './processes.ts';
import { addEvent, nothingShown, type Shown } from './shown.ts';
import { hearLive } from './hear-live.ts';
import type { Run, Session, Victim } from './victim.ts';

/** Processes of an application that was killed see it at once, and have nothing to write. */
const patienceMs = 10_000;
const onTheWayMs = 300;
const open: readonly RunState[] = ['queued', 'preparing', 'running'];

export class StudioVictim implements Victim {
  readonly home: string;
  readonly marks: boolean;
  readonly goesOn: ReadonlySet<RunState>;
  readonly #kind: 'engine' | 'application';
  #studio: LaunchedStudio | null = null;
  /** Whose page is heard; null until the one that was started after a kill is. */
  #listenedTo: LaunchedStudio | null = null;
  #enginePid: number | null = null;
  /** The state of the run when it was last looked at. */
  #seen: RunState = 'queued';
  /** Whether main was killed alone the last time. */
  #mainAlone = false;
  /** The main process that was killed last. */
  #dead = NaN;
  /** Who hears the points of the run. */
  #hear: (runId: number, step: (shown: Shown) => number | null) => void = () => undefined;

  constructor(kind: 'engine' | 'application', folder: string) {
    this.home = join(folder, 'home');
    this.#kind = kind;
    this.marks = kind === 'engine';
    // What waited is taken up by the next start.
    this.goesOn = new Set(['interrupted', 'finished', ...(this.marks ? [] : ['queued' as const])]);
  }

  outputOf(id: number, { name }: Job): string {
    return join(this.home, 'adapters', `${id}-${slug(name, 'run')}`);
  }

  async session(run: Run, moment: Moment | null): Promise<Session> {
    const shown = nothingShown();
    const clock = lifeClock();
    let killedAt = NaN;
    const killer = new Killer(moment, async () => {
      await (this.#kind === 'engine' ? this.#killEngine() : this.#killApplication());
      killedAt = performance.now();
    });
    this.#hear = (runId, add) => {
      if (runId !== run.id) return;
      const step = add(shown);
      if (step === null) return;
      clock.step();
      killer.step(step);
    };
    const endWatch = watchPartials(run.output, (of) => {
      killer.partial(of);
    });
    killer.started();
    const toTheEnd = this.#train(run).then(
      (state) => ({ state, error: null }),
      (error: unknown) => ({ state: null, error: String(error) }),
    );
    const dies = this.#kind === 'application' ? [killer.whenKilled.then(() => null)] : [];
    const end = await Promise.race([toTheEnd, ...dies]);
    killer.release();
    if (killer.killed) await killer.whenKilled;
    endWatch();
    const noticed = this.#kind === 'engine' && killer.killed ? performance.now() - killedAt : null;
    const dead = this.#kind === 'application' && killer.killed;
    const complaint = dead ? await livingOn(this.#dead, patienceMs) : complaintOf(end, killer);
    // What a page had shown is still on its way to this process.
    if (dead) await sleep(onTheWayMs);
    if (dead) this.#listenedTo = null;
    this.#hear = () => undefined;
    return {
      killed: killer.killed,
      shown,
      complaint,
      noticed,
      seen: this.#seen,
      life: clock.over(),
    };
  }

  async close(): Promise<void> {
    await this.#studio?.quit();
  }

  /** Has the run begin or go on, and waits until it is neither in progress nor waiting. */
  async #train({ job, data, id, stored }: Run): Promise<RunState> {
    const studio = (this.#studio ??= await this.#launched());
    this.#enginePid = null;
    this.#seen = 'queued';
    const state = async () =>
      (await invoke(studio.page, 'runs.list', undefined)).find((run) => run.id === id)?.state;
    // Every second run of an application goes on without being asked.
    const byItself = this.#kind === 'application' && id % 2 === 0;
    if (!stored) {
      await invoke(studio.page, 'settings.change', { continueInterrupted: byItself });
      await startRun(studio, configOf(job, data));
    } else if ((await state()) === 'interrupted') {
      if (byItself) throw new Error('it does not go on by itself');
      await invoke(studio.page, 'runs.resume', { id, at: 'front' });
    }
    for (;;) {
      const now = await state();
      if (now === undefined || !open.includes(now)) return now ?? 'failed';
      this.#seen = now;
      this.#enginePid ??= await enginePid(studio);
      // Each look takes some milliseconds of the processor, in three processes.
      await sleep(50);
    }
  }

  async #launched(): Promise<LaunchedStudio> {
    const studio = await launchStudio(this.home);
    await hearLive(studio.page, ({ runId, event }) => {
      // Later still it would pass for a point of the next life.
      if (studio === this.#listenedTo) this.#hear(runId, (shown) => addEvent(shown, event));
    });
    this.#listenedTo = studio;
    return studio;
  }

  /** Every second time main alone, which ends the others by its death. */
  async #killApplication(): Promise<void> {
    this.#mainAlone = !this.#mainAlone;
    this.#dead = await killApplication(this.home, this.#mainAlone);
    this.#studio = null;
  }

  /** One that ended in the very moment has a successor, unless the run is over. */
  async #killEngine(): Promise<void> {
    const studio = this.#studio;
    const end = performance.now() + patienceMs;
    while (studio !== null && performance.now() < end) {
      if (this.#enginePid !== null && killNow(this.#enginePid)) return;
      this.#enginePid = await enginePid(studio);
    }
  }
}

async function enginePid({ app }: LaunchedStudio): Promise<number | null> {
  const pid = await app.evaluate(
    ({ app: electron }) =>
      electron.getAppMetrics().find(({ name }) => name === 'Lorikeet training')?.pid ?? null,
  );
  return pid;
}

type End = { state: RunState | null; error: string | null } | null;

function complaintOf(end: End, { killed }: Killer): string | null {
  if (end === null) return null;
  if (end.error !== null) return end.error;
  const expected = end.state === 'finished' || (killed && end.state === 'interrupted');
  return expected ? null : `the run is ${end.state ?? 'nowhere'}`;
}
