/** Writes into a store from a process of its own, as `lorikeet train` beside the studio does. */
import { execFileSync } from 'node:child_process';
import { smallConfig } from '../small-config.ts';
import { point } from './sample-records.ts';

/** The other process makes a run with one step, leaves it in `state`, and ends. */
export function runOfOtherProcess(path: string, state: string): void {
  const module = new URL('../../../src/main/store/database.ts', import.meta.url).href;
  const script = `import { openStore } from '${module}';
    const [, path, config, state, point] = process.argv;
    const store = openStore(path);
    const run = store.runs.create(JSON.parse(config), (id) => '/out/' + id);
    store.runs.update(run.id, { state });
    store.metrics.addStep(run.id, JSON.parse(point));`;
  const given = [path, JSON.stringify(smallConfig()), state, JSON.stringify(point(1))];
  execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script, ...given]);
}
