/** All that is known of how a run goes: every metric point, its health, the phase it is in, its memory. */
import type { EngineEvent } from '../../shared/contract/engine.ts';
import type {
  AnswersPoint,
  HealthPoint,
  ValidationPoint,
  WatchedPrompt,
} from '../../shared/contract/run-points.ts';
import type { StepColumns } from '../../shared/contract/step-columns.ts';
import { MetricSeries } from '../lib/metric-series.ts';
import { paced } from '../lib/paced.ts';
import { noSteps, StepSeries, type Steps } from '../lib/step-series.ts';

export type Phase = { phase: string; done: number; total: number };
export type Memory = { residentBytes: number; peakBytes: number };

/** Drawing many points takes a while, so a long run is drawn less often; milliseconds a point. */
const pausePerPoint = 0.005;

export class LiveRun {
  memory = $state.raw<Memory | null>(null);
  /** What it is asked under way; empty where nothing is. */
  prompts = $state.raw<readonly WatchedPrompt[]>([]);
  #phase: Phase | null = null;
  #steps = new StepSeries();
  #validations = new MetricSeries<ValidationPoint>();
  #health = new MetricSeries<HealthPoint>();
  #rounds = new MetricSeries<AnswersPoint>();
  #version = $state(0);
  readonly #tell = paced(
    () => {
      this.#version += 1;
    },
    () => pausePerPoint * this.#steps.length,
  );

  /** What it does before and between steps; null while it steps. Whoever reads it is told of changes, here and below. */
  get phase(): Phase | null {
    return this.#version < 0 ? null : this.#phase;
  }

  /** Every step so far, in order. */
  get steps(): Steps {
    return this.#version < 0 ? noSteps : this.#steps;
  }

  get validations(): readonly ValidationPoint[] {
    return this.#version < 0 ? [] : this.#validations.points;
  }

  /** Readings of the adapter's health, in order. */
  get health(): readonly HealthPoint[] {
    return this.#version < 0 ? [] : this.#health.points;
  }

  /** Its answers, round by round. */
  get rounds(): readonly AnswersPoint[] {
    return this.#version < 0 ? [] : this.#rounds.points;
  }

  /** Points out of the store; those that came live already are not doubled. */
  backfill(stored: {
    steps: StepColumns;
    validations: ValidationPoint[];
    health: HealthPoint[];
    watched: { prompts: WatchedPrompt[]; rounds: AnswersPoint[] };
  }): void {
    const steps = this.#steps.merge(stored.steps);
    const validations = this.#validations.merge(stored.validations);
    const health = this.#health.merge(stored.health);
    const rounds = this.#rounds.merge(stored.watched.rounds);
    if (this.prompts.length === 0) this.prompts = stored.watched.prompts;
    if (steps || validations || health || rounds) this.#version += 1;
  }

  apply(event: EngineEvent): void {
    switch (event.kind) {
      case 'step':
        this.#phase = null;
        if (this.#steps.add(event.point)) this.#tell();
        break;
      case 'validation':
        if (this.#validations.add(event.point)) this.#tell();
        break;
      case 'health':
        if (this.#health.add(event.point)) this.#tell();
        break;
      case 'watched':
        // A run that begins anew answers anew.
        this.prompts = event.prompts;
        this.#rounds = new MetricSeries<AnswersPoint>();
        break;
      case 'answers':
        if (this.#rounds.add(event.point)) this.#tell();
        break;
      case 'memory':
        this.memory = { residentBytes: event.residentBytes, peakBytes: event.peakBytes };
        break;
      case 'progress':
        this.#phase = { phase: event.phase, done: event.done, total: event.total };
        this.#tell();
        break;
      case 'prepared':
        this.#phase = null;
        this.#tell();
        break;
      case 'checkpoint':
      case 'best':
      case 'forgetting':
      case 'change':
      case 'notice':
        // These are in the run's record, of which main tells.
        break;
      case 'answer':
        // Of a chat, which no run is.
        break;
      case 'variant':
        // Several runs at once are not started from the window, so this is none of a run's own.
        break;
    }
  }
}
