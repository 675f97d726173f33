/** A store as somebody has it after years: ten thousand runs, and one of a hundred thousand steps. */
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { openStore } from '../../src/main/store/database.ts';
import type { TrainingConfig } from '../../src/shared/contract/training-config.ts';

/** Writes it into the data folder `home`; returns the number of the long run, which is the newest. */
export function makeBigStore(
  home: string,
  config: TrainingConfig,
  size: { runs: number; steps: number },
): number {
  const path = join(home, 'lorikeet.db');
  openStore(path).close();
  const database = new BetterSqlite3(path);
  const run = database.prepare(
    `insert into runs (name, state, config, created_at, started_at, finished_at, step, total_steps,
       last_loss, output, owner_pid, owner_started)
     values (@name, 'finished', @config, @at, @at, @at, @steps, @steps, 0.5, @name, 1, '')`,
  );
  const step = database.prepare(
    `insert into steps (run_id, step, total_steps, epoch, loss, learning_rate, gradient_norm, tokens,
       tokens_per_second, elapsed_seconds, seconds_left)
     values (@run, @step, @steps, @step * 1e-3, @loss, 1e-4, 1 + @loss, @step * 512, 370.5, @step * 1.4, 0)`,
  );
  let last = 0;
  database.transaction(() => {
    for (let index = 1; index <= size.runs; index += 1) {
      const isLong = index === size.runs;
      const name = isLong ? 'a long run' : `run ${index}`;
      const steps = isLong ? size.steps : 20;
      const said = JSON.stringify({ ...config, name });
      const { lastInsertRowid } = run.run({ name, config: said, at: index * 1000, steps });
      last = Number(lastInsertRowid);
      for (let at = 1; at <= steps; at += 1)
        step.run({ run: last, step: at, steps, loss: 3 / Math.sqrt(at) + (at % 17) / 100 });
    }
  })();
  database.close();
  return last;
}
