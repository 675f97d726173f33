/** Shows how far the engine is: a bar where stderr is a terminal, a plain line now and then elsewhere. */
import cliProgress from 'cli-progress';
import type { EngineEvent } from '../shared/contract/engine.ts';
import { formatDuration } from './format.ts';

/** One phase of work with a countable amount. */
type Phase = { name: string; done: number; total: number; detail: string };

export type ProgressView = {
  /** Shows a step or a phase; other events are not its business. */
  show(event: EngineEvent): void;
  /** Takes the bar away, so that other text can be written. */
  clear(): void;
};

/** Milliseconds between two plain lines. */
const quiet = 10_000;

/** A bar on a terminal. Elsewhere plain lines, unless `plain` is false (stdout already tells everything). */
export function createProgress(options: { plain: boolean }): ProgressView {
  if (process.stderr.isTTY) return phaseView(barView());
  return options.plain ? phaseView(lineView()) : { show: () => {}, clear: () => {} };
}

type PhaseView = { update(phase: Phase): void; clear(): void };

/** Events become phases; rate and time left of phases that do not bring their own are worked out here. */
function phaseView(view: PhaseView): ProgressView {
  let current: { name: string; since: number; first: number } | null = null;
  return {
    show(event) {
      if (event.kind === 'prepared') {
        view.update({ name: 'Training', done: 0, total: event.totalSteps, detail: '' });
      } else if (event.kind === 'step') {
        const { step, totalSteps, loss, tokensPerSecond, secondsLeft } = event.point;
        const detail = `loss ${loss.toFixed(4)}  ${tokensPerSecond.toFixed(0)} tokens/s  ${formatDuration(secondsLeft)} left`;
        view.update({ name: 'Training', done: step, total: totalSteps, detail });
      } else if (event.kind === 'progress') {
        const { phase: name, done, total } = event;
        if (current?.name !== name) current = { name, since: performance.now(), first: done };
        const seconds = (performance.now() - current.since) / 1000;
        const rate = (done - current.first) / seconds;
        const left = done > current.first ? (total - done) / rate : NaN;
        const detail = Number.isFinite(left)
          ? `${rate.toFixed(rate < 10 ? 1 : 0)}/s  ${formatDuration(left)} left`
          : '';
        view.update({ name, done, total, detail });
      }
    },
    clear: () => {
      view.clear();
    },
  };
}

function barView(): PhaseView {
  let bar: cliProgress.SingleBar | null = null;
  let name = '';
  const clear = () => {
    bar?.stop();
    bar = null;
  };
  return {
    update(phase) {
      if (bar === null || phase.name !== name) {
        clear();
        name = phase.name;
        bar = new cliProgress.SingleBar(
          {
            format: '{name} {bar} {value}/{total}  {detail}',
            hideCursor: true,
            barsize: 24,
            etaBuffer: 1,
          },
          cliProgress.Presets.shades_classic,
        );
        bar.start(phase.total, phase.done, { name, detail: phase.detail });
      } else {
        bar.update(phase.done, { detail: phase.detail });
      }
      if (phase.done >= phase.total) clear();
    },
    clear,
  };
}

function lineView(): PhaseView {
  let name = '';
  let last = 0;
  return {
    update(phase) {
      const now = performance.now();
      const due = phase.name !== name || phase.done >= phase.total || now - last >= quiet;
      if (!due) return;
      name = phase.name;
      last = now;
      process.stderr.write(
        `${phase.name} ${phase.done}/${phase.total}  ${phase.detail}`.trimEnd() + '\n',
      );
    },
    clear: () => {},
  };
}
