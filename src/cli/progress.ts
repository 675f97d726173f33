/** Shows how far the engine is: a bar where stderr is a terminal, a plain line now and then elsewhere. */
import type { EngineEvent } from '../shared/contract/engine.ts';
import type { StepPoint } from '../shared/contract/run-points.ts';
import { count as nextCounted, rateOf, type Counted } from '../shared/counted.ts';
import { formatDuration } from './format.ts';
import { barView, lineView, type PhaseView } from './progress-views.ts';

export type ProgressView = {
  /** Shows a step or a phase; other events are not its business. */
  show(event: EngineEvent): void;
  /** Takes the bar away, so that other text can be written. */
  clear(): void;
};

/** A bar on a terminal. Elsewhere plain lines, unless `plain` is false (stdout already tells everything). */
export function createProgress(options: { plain: boolean }): ProgressView {
  if (process.stderr.isTTY) return progressOver(barView());
  if (options.plain) return progressOver(lineView());
  return { show: () => {}, clear: () => {} };
}

/** Turns events into phases with a rate and the time left, `now` being a clock in milliseconds. */
export function progressOver(view: PhaseView, now = () => performance.now()): ProgressView {
  let counted: Counted | null = null;
  /** Steps of a run whose first step has not come: it takes longer than those after it. */
  let waiting: number | null = null;

  /** The last step of each variant, with its loss. */
  const told = new Map<number, Pick<StepPoint, 'step' | 'loss'>>();
  /** The last step that was shown, by the first variant that told it. */
  let shown = 0;

  const step = ({ step, totalSteps, ...point }: StepPoint, loss: string) => {
    const time =
      step < totalSteps
        ? `${formatDuration(point.secondsLeft)} left`
        : `in ${formatDuration(point.elapsedSeconds)}`;
    const detail = `loss ${loss}  ${point.tokensPerSecond.toFixed(0)} tokens/s  ${time}`;
    view.update({ name: 'Training', done: step, total: totalSteps, detail });
  };

  const stepOf = (variant: number, point: StepPoint) => {
    told.set(variant, point);
    if (point.step <= shown) return;
    shown = point.step;
    // One that has ended tells no further loss.
    const training = [...told.values()].filter(({ step }) => step >= point.step - 1);
    step(point, training.map(({ loss }) => loss.toFixed(4)).join(' '));
  };

  const count = (name: string, done: number, total: number) => {
    counted = nextCounted(counted, name, done, now());
    view.update({ name, done, total, detail: timesOf(counted, total, now()) });
    if (done >= total && waiting !== null) {
      view.update({ name: 'Training', done: 0, total: waiting, detail: 'first step' });
      waiting = null;
    }
  };

  return {
    show(event) {
      switch (event.kind) {
        case 'prepared':
          waiting = event.totalSteps;
          return;
        case 'step':
          step(event.point, event.point.loss.toFixed(4));
          return;
        case 'variant':
          if (event.event.kind === 'prepared') {
            waiting = event.event.totalSteps;
            shown = 0;
          }
          if (event.event.kind === 'step') stepOf(event.variant, event.event.point);
          return;
        case 'progress':
          count(event.phase, event.done, event.total);
          return;
        case 'validation':
        case 'best':
        case 'forgetting':
        case 'watched':
        case 'answers':
        case 'checkpoint':
        case 'change':
        case 'health':
        case 'memory':
        case 'notice':
        case 'answer':
      }
    },
    clear: () => {
      view.clear();
    },
  };
}

function timesOf(counted: Counted, total: number, now: number): string {
  const { since, done } = counted;
  if (done >= total) return `in ${formatDuration((now - since) / 1000)}`;
  const rate = rateOf(counted, now);
  if (rate === null) return '';
  return `${rate.toFixed(rate < 10 ? 1 : 0)}/s  ${formatDuration((total - done) / rate)} left`;
}
