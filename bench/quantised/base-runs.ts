/** Runs of `lorikeet train` that differ in how the base is held. */
import { join } from 'node:path';
import { project } from '../../scripts/lib/project.ts';
import type { BaseForm } from '../../src/shared/base-forms.ts';
import { trainEstimate, type MemoryEstimate } from '../../src/shared/contract/estimates.ts';
import type { Bench } from '../lib/bench.ts';
import { trainBy, type TrainedAt } from '../lib/command-line.ts';
import type { MemoryLimit } from '../lib/memory-limit.ts';
import { lorikeet } from '../lib/own-command.ts';
import { batch } from './part.ts';

/** A base on disk, and the form that it is held in. */
export type FormOfModel = { form: BaseForm; model: string };

/** The first step takes longer than the others. */
const stepsOfRun = 3;

export class BaseRuns {
  private readonly bench: Pick<Bench, 'materials' | 'settings'>;
  private readonly name: string;
  private count = 0;

  /** @param name of these runs among all of the bench */
  constructor(bench: Pick<Bench, 'materials' | 'settings'>, name: string) {
    this.bench = bench;
    this.name = name;
  }

  /** What it would take, before it is run. */
  async estimate(base: FormOfModel): Promise<MemoryEstimate> {
    const args = ['train', ...this.argumentsOf(base), '--estimate'];
    return trainEstimate.parse(await lorikeet(this.home(), args)).memory;
  }

  run(base: FormOfModel, limit: MemoryLimit | null = null): Promise<TrainedAt> {
    const output = this.bench.materials.scratch(`${this.name} ${(this.count += 1)}`);
    return trainBy([...this.argumentsOf(base), '--output', output], this.home(), limit);
  }

  private home(): string {
    return this.bench.materials.scratch('home');
  }

  private argumentsOf({ form, model }: FormOfModel): string[] {
    const { rank, own } = this.bench.settings;
    return [
      ...['--model', model, '--base', form],
      ...['--data', join(project, 'resources/samples/smart-home.train.jsonl')],
      ...['--batch-size', String(batch.rows), '--sequence-length', String(batch.length)],
      ...['--rank', String(rank), '--alpha', String(2 * rank), '--keep', 'inputs'],
      ...['--precision', own.precision, '--max-steps', String(stepsOfRun)],
    ];
  }
}
