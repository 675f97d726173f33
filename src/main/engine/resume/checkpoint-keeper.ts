/** Writes the checkpoints of a run to a folder, when they are due. Who is told of them removes the old ones. */
import { existsSync } from 'node:fs';
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { RunCheckpoint } from '../../../shared/contract/records.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { toProblem } from '../../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../../shared/errors/problem.ts';
import type { RunState } from '../train/run-state.ts';
import type { StateKeeper } from '../train/state-keeper.ts';
import type { CheckpointSubject } from './training-checkpoint.ts';
import { writeCheckpoint } from './write-checkpoint.ts';

type Settings = Pick<TrainingConfig, 'checkpointEvery' | 'checkpointMinutes'>;

export class CheckpointKeeper implements StateKeeper {
  private readonly folder: string;
  private readonly settings: Settings;
  private readonly subject: () => Promise<CheckpointSubject>;
  private readonly emit: EngineContext['emit'];
  private lastStep: number;
  private lastAt = performance.now();
  /** Oldest first. */
  private readonly written: RunCheckpoint[];
  private kept: RunCheckpoint | null;

  /**
   * @param subject waits for what is not known yet
   * @param from the checkpoint that the run goes on from
   */
  constructor(
    folder: string,
    settings: Settings,
    subject: () => Promise<CheckpointSubject>,
    from: RunCheckpoint | null,
    emit: EngineContext['emit'],
  ) {
    this.folder = folder;
    this.settings = settings;
    this.subject = subject;
    this.emit = emit;
    this.kept = from;
    this.written = from ? [from] : [];
    this.lastStep = from?.step ?? 0;
  }

  /** The latest; null where there is none. */
  get latest(): RunCheckpoint | null {
    return this.kept;
  }

  due(step: number): boolean {
    const { checkpointEvery, checkpointMinutes } = this.settings;
    const minutes = (performance.now() - this.lastAt) / 60_000;
    return (
      (checkpointEvery > 0 && step - this.lastStep >= checkpointEvery) ||
      (checkpointMinutes > 0 && minutes >= checkpointMinutes)
    );
  }

  async keep(step: number, state: RunState): Promise<Problem | null> {
    if (this.kept?.step === step) return null;
    // Also where it fails: the next is tried at its own time.
    this.lastStep = step;
    this.lastAt = performance.now();
    try {
      const subject = await this.subject();
      this.kept = await writeCheckpoint(this.folder, step, state, subject);
    } catch (thrown) {
      return this.tellFailure(step, thrown);
    }
    this.written.push(this.kept);
    this.emit({ kind: 'checkpoint', checkpoint: this.kept });
    return null;
  }

  goBackTo(step: number): void {
    this.takeBack(this.thereAt(step));
  }

  /** The latest up to this step that is still there. */
  private thereAt(step: number): RunCheckpoint | undefined {
    return this.written.findLast((each) => each.step <= step && existsSync(each.path));
  }

  private takeBack(to: RunCheckpoint | undefined): void {
    if (!to || to === this.kept) return;
    this.kept = to;
    this.emit({ kind: 'checkpoint', checkpoint: to });
  }

  private tellFailure(step: number, thrown: unknown): Problem {
    const problem = toProblem(thrown);
    // Its folder may have gone with those before.
    const left = this.thereAt(step);
    if (left) this.takeBack(left);
    else this.kept = null;
    const last = this.kept ? `That of step ${this.kept.step} is kept` : 'There is none';
    const text = `The checkpoint of step ${step} could not be written to ${this.folder}. ${problem.what} ${last}.`;
    this.emit({ kind: 'notice', text });
    return problem;
  }
}
