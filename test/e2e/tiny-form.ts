/** The form of a new run, filled in by hand with a tiny model and a few lines of data. */
import type { LaunchedStudio } from './launch.ts';
import { choose } from './choose.ts';
import { invoke, tinyRun } from './tiny-run.ts';

/** Enters model and data into the library, opens the form and chooses both, with so many short steps. */
export async function fillTinyForm(
  studio: Pick<LaunchedStudio, 'app' | 'page' | 'home'>,
  steps: number,
): Promise<void> {
  const { page, home } = studio;
  const { model, data } = tinyRun(home, steps);
  await choose(studio, model, 'model-folder');
  await invoke(page, 'models.add', { path: model });
  await choose(studio, data);
  await invoke(page, 'datasets.inspect', {
    ...{ path: data, columns: [], model: null, sequenceLength: 64 },
    ...{ task: 'causal-lm', problem: 'auto', thinking: 'auto' },
    held: { validation: { kind: 'none' }, seed: 0 },
  });
  await page.getByRole('link', { name: 'New run' }).click();
  await page.getByLabel('Model', { exact: true }).selectOption({ label: 'tiny-tied' });
  await page.getByLabel('Data file', { exact: true }).selectOption({ label: 'tiny · 16 examples' });
  await page.getByText('steps', { exact: true }).first().click();
  const fill = async (name: string, value: string) => {
    await page.getByLabel(name, { exact: true }).fill(value);
  };
  await fill('Steps', String(steps));
  await fill('Batch size', '1');
  await fill('Sequence length', '64');
}
