/** Reads the health of the adapters now and then while they train. */
import type { ModuleHealth } from '../../../shared/contract/run-points.ts';
import type { ExpertReading } from './expert-counts.ts';
import { adapterHealth, byModule, type AdapterState } from '../lora/health.ts';
import { bIsUnmoved, healthAlarms, patience } from '../lora/health-alarms.ts';
import type { TrainingRun } from './run-progress.ts';
import type { WatchedState } from './run-state.ts';

/** How many readings a run has at regular distances. */
const readings = 25;

/** What is known of one adapter. */
type Watched = WatchedState & { run: TrainingRun; every: number };

/** What readings are made from. */
type HealthSource = { adapterState(): AdapterState; expertUse(adapter: number): ExpertReading };

/**
 * Every adapter is read after the first update that can have changed something, after the one with which alarms
 * become possible, then about 25 times in its run, and at its end however it ends. One fetch serves all of them.
 */
export class HealthMonitor {
  private readonly source: HealthSource;
  private readonly watched: readonly Watched[];

  /**
   * @param runs one for each adapter of the layout; each is told its own readings
   * @param states that they go on from
   */
  constructor(
    source: HealthSource,
    runs: readonly TrainingRun[],
    states: readonly WatchedState[] = [],
  ) {
    this.source = source;
    this.watched = runs.map((run, index) => {
      const every = Math.ceil(run.plan.totalSteps / readings);
      return { run, every, ...(states[index] ?? { updates: 0, lastStep: 0 }) };
    });
  }

  /** Of each adapter, for a later session. */
  states(): WatchedState[] {
    return this.watched.map(({ updates, lastStep }) => ({ updates, lastStep }));
  }

  /** The modules of one adapter as they are now, whoever is told. */
  modulesOf(adapter: number): ModuleHealth[] {
    return adapterHealth(this.source.adapterState())[adapter] ?? [];
  }

  /**
   * To be called after each step, which counts from 1.
   * @param adapters those that it has updated
   * @param learningRates of all adapters
   */
  after(step: number, adapters: readonly number[], learningRates: readonly number[]): void {
    const due = adapters.filter((adapter) => {
      const watched = this.watched[adapter];
      if (!watched) return false;
      const learns = (learningRates[adapter] ?? 0) > 0;
      if (learns) watched.updates += 1;
      const early = learns && [1, patience].includes(watched.updates);
      return early || step % watched.every === 0 || step === watched.run.plan.totalSteps;
    });
    this.read(step, due);
  }

  /** To be called when adapters end at a step before their plan does: there is always a last reading, and one only. */
  end(step: number, adapters: readonly number[]): void {
    const unread = (adapter: number) => (this.watched[adapter]?.lastStep ?? step) < step;
    this.read(step, adapters.filter(unread));
  }

  private read(step: number, adapters: readonly number[]): void {
    if (adapters.length === 0) return;
    const state = this.source.adapterState();
    const all = adapterHealth(state);
    for (const adapter of adapters) this.tell(adapter, step, state, all[adapter] ?? []);
  }

  private tell(adapter: number, step: number, state: AdapterState, modules: ModuleHealth[]): void {
    const watched = this.watched[adapter];
    if (!watched) return;
    watched.lastStep = step;
    const placed = byModule(state.layout.adapters[adapter]?.slots ?? []);
    const found = placed.flatMap(({ slots }, i) => {
      const health = modules[i];
      const unmoved = slots.every((slot) => bIsUnmoved(state.parameters, slot));
      return health ? [{ health, unmoved }] : [];
    });
    const alarms = healthAlarms(found, watched.updates);
    const routed = this.source.expertUse(adapter);
    watched.run.emit({ kind: 'health', point: { step, modules, alarms, ...routed } });
  }
}
