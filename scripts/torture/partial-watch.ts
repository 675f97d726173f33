/** Notices when an engine begins to write a checkpoint or an adapter: a hidden folder appears beside the place. */
import { existsSync, mkdirSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const isPartial = (name: string) => name.startsWith('.') && name.endsWith('.partial');

/**
 * @param output where the adapter will be
 * @returns ends the watch
 */
export function watchPartials(
  output: string,
  onPartial: (of: 'checkpoint' | 'adapter') => void,
): () => void {
  const [place, adapter] = [dirname(output), basename(output)];
  const checkpoints = `${adapter}.checkpoints`;
  mkdirSync(place, { recursive: true });
  const watchers: FSWatcher[] = [];
  const seen = new Set<string>();
  const watchCheckpoints = () => {
    if (watchers.length > 1 || !existsSync(join(place, checkpoints))) return;
    watchers.push(
      watch(join(place, checkpoints), (_, name) => {
        if (name === null || !isPartial(name) || seen.has(name)) return;
        seen.add(name);
        onPartial('checkpoint');
      }),
    );
  };
  let ofAdapter = 0;
  watchers.push(
    watch(place, (_, name) => {
      if (name === checkpoints) watchCheckpoints();
      if (!name?.startsWith(`.${adapter}.`) || !isPartial(name) || seen.has(name)) return;
      seen.add(name);
      ofAdapter += 1;
      // The first only tries whether anything can be written there, before the training.
      if (ofAdapter === 2) onPartial('adapter');
    }),
  );
  watchCheckpoints();
  return () => {
    for (const each of watchers) each.close();
  };
}
