/** How the adapter of a run was doing, reading by reading. */
import { z } from 'zod';
import {
  healthPoint,
  moduleHealth,
  type HealthPoint,
  type ModuleHealth,
} from '../../shared/contract/run-points.ts';
import type { Connection } from './connection.ts';
import { insert, json, select } from './rows.ts';

const fields = Object.keys(healthPoint.shape);
const one = moduleHealth.shape;

/** A module without the names of its figures: a reading has hundreds of modules. */
const packed = z
  .tuple([one.layer, one.module, one.normA, one.normB, one.deltaRatio, one.gradientNorm])
  .transform(([layer, module, normA, normB, deltaRatio, gradientNorm]): ModuleHealth => ({
    layer,
    module,
    normA,
    normB,
    deltaRatio,
    gradientNorm,
  }));

function pack(of: ModuleHealth): z.input<typeof packed> {
  return [of.layer, of.module, of.normA, of.normB, of.deltaRatio, of.gradientNorm];
}

const row = healthPoint.extend({
  modules: json(z.array(packed)),
  alarms: json(healthPoint.shape.alarms),
  experts: json(healthPoint.shape.experts),
});

export class HealthStore {
  readonly #store: Connection;

  constructor(store: Connection) {
    this.#store = store;
  }

  /** Keeps a reading; one that is told twice is kept once. */
  add(runId: number, { step, modules, alarms, experts, imbalance }: HealthPoint): void {
    const add = insert('health', ['runId', ...fields]).replace('insert', 'insert or replace');
    const stored = {
      ...{ runId, step, imbalance },
      modules: JSON.stringify(modules.map(pack)),
      alarms: JSON.stringify(alarms),
      experts: JSON.stringify(experts),
    };
    this.#store.unflushed(() => this.#store.prepare(add).run(stored));
  }

  /** All readings of a run, in the order of steps. */
  of(runId: number): HealthPoint[] {
    const found = this.#store
      .prepare(`select ${select(fields, 'health')} from health where run_id = ? order by step`)
      .all(runId);
    return z.array(row).parse(found);
  }
}
