/** Doing a link of a chain again: the page that makes such a thing, filled with what made it. */
import type {
  BlendOrigin,
  ExportOrigin,
  Origin,
  TrainingOrigin,
} from '../../shared/contract/origin.ts';
import { exportForms } from '../../shared/export-forms.ts';
import { sayGone } from '../lib/origin-facts.ts';
import { baseName } from '../lib/paths.ts';
import { adapterWorks } from './adapter-work.svelte.ts';
import { blendWork } from './blend-work.svelte.ts';
import { exportChoice } from './export-choice.svelte.ts';
import { library } from './library.svelte.ts';
import { newRun } from './new-run.svelte.ts';
import { notices } from './notices.svelte.ts';
import { router } from './route.svelte.ts';

/** Null where nothing here can do it again. */
export function againOf(origin: Origin, gone: readonly string[]): (() => Promise<void>) | null {
  switch (origin.kind) {
    case 'training':
      return () => trainAgain(origin, gone);
    case 'export':
      return exportAgain(origin);
    case 'blend':
      return () => blendAgain(origin);
  }
}

/** Fills the form of a new run; a base that has left the library is entered again, and what is gone is named. */
async function trainAgain(origin: TrainingOrigin, gone: readonly string[]): Promise<void> {
  const { config } = origin;
  const { model } = config;
  if (library.modelByPath(model) === null && !gone.includes(model)) {
    await notices.guard(() => library.addModel(model));
  }
  newRun.take(config);
  router.go({ page: 'new' });
  const lost = sayGone(origin, gone);
  if (lost !== null) notices.say(`${lost} Choose another before you start.`);
}

/** Sets the panel to what the adapter was exported as; null for one that is gone from the list, or was only a part of it. */
function exportAgain({ parts, to, type }: ExportOrigin): (() => Promise<void>) | null {
  const [part, ...others] = parts;
  const whole = part?.weight === 1 && others.length === 0;
  const adapter = whole ? library.adapterByPath(part.path) : null;
  if (!adapter) return null;
  return () => {
    exportChoice.chooseForm(to);
    const types: readonly string[] = exportForms[to].types;
    if (types.includes(type)) exportChoice.chooseType(to, type);
    adapterWorks.showExport(adapter.id);
    return Promise.resolve();
  };
}

/** Fills the page that composes; a part that is no longer in the list of adapters is named. */
function blendAgain({ parts, composition }: BlendOrigin): Promise<void> {
  const found = parts.map(({ path, weight }) => ({
    path,
    weight,
    adapter: library.adapterByPath(path),
  }));
  const known = found.flatMap(({ adapter, weight }) => (adapter ? { id: adapter.id, weight } : []));
  blendWork.take(known, composition);
  router.go({ page: 'compose' });
  const lost = found.filter(({ adapter }) => adapter === null).map(({ path }) => baseName(path));
  if (lost.length > 0) {
    const are = lost.length === 1 ? 'is' : 'are';
    notices.say(
      `${lost.join(' and ')} ${are} no longer among the adapters, and not in this blend.`,
    );
  }
  return Promise.resolve();
}
