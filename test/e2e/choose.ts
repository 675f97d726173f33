/** Chooses files and folders as a person does: in the dialog, whose answer a test gives. */
import type { CommandRequest } from '../../src/shared/contract/commands.ts';
import type { TrainingConfig } from '../../src/shared/contract/training-config.ts';
import type { RunRecord } from '../../src/shared/contract/records.ts';
import type { LaunchedStudio } from './launch.ts';
import { invoke } from './tiny-run.ts';

type Studio = Pick<LaunchedStudio, 'app' | 'page'>;

/** Every dialog from now on is answered with this path. */
export async function answerDialogs({ app }: Pick<Studio, 'app'>, path: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, path);
}

/** From here on the page may name the path. */
export async function choose(
  studio: Studio,
  path: string,
  kind: CommandRequest<'files.pick'>['kind'] = 'data-file',
): Promise<void> {
  await answerDialogs(studio, path);
  await invoke(studio.page, 'files.pick', { kind });
}

/** Chooses what a run is about, and starts it. */
export async function startRun(studio: Studio, config: TrainingConfig): Promise<RunRecord> {
  const { model, data, validation } = config;
  await choose(studio, model, 'model-folder');
  await choose(studio, data);
  if (validation.kind === 'file') await choose(studio, validation.path);
  return invoke(studio.page, 'runs.start', config);
}
