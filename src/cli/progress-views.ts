/** The two ways in which progress is shown: a bar, and plain lines. */
import cliProgress from 'cli-progress';

/** One phase of work with a countable amount. */
export type Phase = { name: string; done: number; total: number; detail: string };
export type PhaseView = { update(phase: Phase): void; clear(): void };

/** A bar on stderr, one a phase; it stays in the terminal when its phase is done. */
export function barView(): PhaseView {
  let bar: cliProgress.SingleBar | null = null;
  let name = '';
  const clear = () => {
    bar?.stop();
    bar = null;
  };
  return {
    update(phase) {
      if (bar !== null && phase.name !== name) clear();
      if (bar === null) {
        name = phase.name;
        bar = new cliProgress.SingleBar(
          { format: '{name} {bar} {value}/{total}  {detail}', hideCursor: true, barsize: 24 },
          cliProgress.Presets.shades_classic,
        );
        bar.start(phase.total, phase.done, { name, detail: phase.detail });
      }
      bar.update(phase.done, { detail: phase.detail });
      if (phase.done >= phase.total) clear();
    },
    clear,
  };
}

/** Milliseconds between two lines of one phase. */
const quiet = 10_000;

/** Lines on stderr: the first and the last of a phase, and one every ten seconds. */
export function lineView(
  write = (line: string) => {
    process.stderr.write(`${line}\n`);
  },
  now = () => performance.now(),
): PhaseView {
  let name = '';
  let last = 0;
  return {
    update(phase) {
      const due = phase.name !== name || phase.done >= phase.total || now() - last >= quiet;
      if (!due) return;
      name = phase.name;
      last = now();
      write(`${phase.name} ${phase.done}/${phase.total}  ${phase.detail}`.trimEnd());
    },
    clear: () => {},
  };
}
