/** The form of a new run. What was filled in stays when the page is left. */
import type { Preset, PresetSettings } from '../../shared/contract/preset.ts';
import type { RunRecord } from '../../shared/contract/records.ts';
import type { LoraSettings, TrainingConfig } from '../../shared/contract/training-config.ts';
import { aboutOf } from '../../shared/settings/about.ts';
import type { About } from '../../shared/settings/needs.ts';
import { keysOf } from '../../shared/settings/setting.ts';
import { adapterSettings, taskSettings } from '../../shared/settings/table.ts';
import { tasks, type TaskKind } from '../../shared/tasks.ts';
import { call } from '../bridge.ts';
import { meant } from '../lib/cell-values.ts';
import { checkDraft, type CheckedDraft } from '../lib/draft-check.ts';
import { draftOf, emptyDraft, fitting, type Draft } from '../lib/draft.ts';
import type { KeptForm } from '../lib/kept-form.ts';
import { settingsOf, withPreset } from '../lib/presets.ts';
import { adapterSizeOf, limitsOf } from '../lib/draft-limits.ts';
import {
  fromTargets,
  toTargets,
  type GridModel,
  type TargetSelection,
} from '../lib/target-selection.ts';
import { Estimation } from './estimation.svelte.ts';
import { Inspection } from './inspection.svelte.ts';
import { library } from './library.svelte.ts';
import { runs } from './runs.svelte.ts';

class NewRun {
  draft = $state<Draft>(emptyDraft());
  /** What was chosen for the model of the path beside it; another model starts with every linear layer. */
  #chosen = $state.raw<{ model: string; selection: TargetSelection } | null>(null);
  #wanted = $state.raw<LoraSettings['targets']>('all-linear');
  /** What filled the form in, how it was before, and how it was then. */
  #filled = $state.raw<{ from: string; before: () => void; form: string } | null>(null);
  /** Mistakes are shown once somebody has tried to start. */
  tried = $state(false);
  starting = $state(false);
  readonly inspection = new Inspection();
  readonly estimation = new Estimation();

  model = $derived(library.modelByPath(this.draft.model));
  /** What the chosen model can be trained for, the usual first. */
  tasks = $derived<readonly TaskKind[]>(this.model?.description.tasks ?? keysOf(tasks));
  /** The chosen task, or the usual one of a model that cannot be trained for it. */
  task = $derived.by((): TaskKind => {
    const { task } = this.draft;
    return task !== null && this.tasks.includes(task) ? task : (this.tasks[0] ?? 'causal-lm');
  });
  about = $derived(this.#aboutOf(this.draft));
  selection = $derived.by((): TargetSelection => {
    if (this.model === null) return [];
    if (this.#chosen?.model === this.model.path) return this.#chosen.selection;
    return fromTargets(this.model.description, this.#wanted);
  });
  #size = $derived(adapterSizeOf(this.model?.description ?? null, this.selection, this.draft));
  trainable = $derived(this.#size?.learning ?? 0);
  checked = $derived(this.checkedWith({}));
  /** Mistakes by field, once they are to be shown. */
  problems = $derived(this.tried && !this.checked.ok ? this.checked.problems : {});

  /** What the form was filled in from, as long as nothing was changed since. */
  filledFrom = $derived.by(() => {
    const filled = this.#filled;
    return filled?.form === this.#form() ? filled.from : null;
  });

  /** What outlives the window: the form, and the targets as far as they are known. */
  kept = $derived.by((): KeptForm => {
    const { model } = this;
    const chosen = model !== null && this.#chosen?.model === model.path && this.#chosen.selection;
    const targets = (model && chosen && toTargets(model.description, chosen)) || this.#wanted;
    return { draft: this.draft, targets };
  });

  /** What comes of the form with other values of some settings. */
  checkedWith(changes: Partial<Draft>): CheckedDraft {
    const description = this.model?.description ?? null;
    const targets = description && toTargets(description, this.selection);
    // What is checked is sent to other processes, and a proxy cannot be cloned.
    const changed = { ...$state.snapshot(this.draft), ...changes };
    const draft = fitting(changed, this.#aboutOf(changed));
    return checkDraft(description ? this.#withMeant(draft, description) : draft, {
      targets,
      ...limitsOf(description, this.#size, draft.rankPattern),
    });
  }

  choose(selection: TargetSelection): void {
    if (this.model !== null) this.#chosen = { model: this.model.path, selection };
  }

  /** Chooses the model and the data where there is no choice to make or none was made. */
  settle(): void {
    this.draft.model ??= library.models[0]?.path ?? null;
  }

  /** The form as it was when the window was closed. */
  restore({ draft, targets }: KeptForm): void {
    this.draft = draft;
    this.#chosen = null;
    this.#wanted = targets;
  }

  /** Fills the form with the settings of an earlier run. */
  take(config: TrainingConfig): void {
    this.#fill(config.name, draftOf(config), config.lora.targets);
  }

  /** Fills in the settings of a preset; model and data stay. */
  usePreset(preset: Preset): void {
    const draft = withPreset($state.snapshot(this.draft), preset);
    this.#fill(preset.name, draft, preset.settings.lora.targets);
  }

  /** The form as it was before it was filled in. */
  takeBack(): void {
    this.#filled?.before();
    this.#filled = null;
  }

  /** The settings for a preset; null where the form has mistakes, which are shown from now on. */
  settings(): PresetSettings | null {
    const draft = fitting($state.snapshot(this.draft), this.about);
    // Neither need be chosen for it, and files and prompts are no part of it.
    const about = {
      ...{ model: 'any', data: 'any', validationFile: draft.validationFile ?? 'any' },
      ...{ generalFile: draft.generalFile ?? 'any', watchedText: 'any' },
    };
    const description = this.model?.description ?? null;
    const checked = checkDraft(
      { ...draft, ...about },
      {
        targets: description ? toTargets(description, this.selection) : this.#wanted,
        ...limitsOf(description, this.#size, this.draft.rankPattern),
      },
    );
    this.tried ||= !checked.ok;
    return checked.ok ? settingsOf(checked.config) : null;
  }

  /**
   * Fills in that the run starts from an adapter of this model, with the adapter's form; data and training stay. Fails with what is
   * wrong with the adapter.
   */
  async startFrom(model: string, path: string): Promise<void> {
    const { task, problem, lora } = await call('adapters.form', { model, path });
    const { targets, ...form } = lora;
    const learnt = task === 'sequence-classification' ? { task, problem } : {};
    const { default: init } = adapterSettings.init;
    Object.assign(this.draft, { model, fromAdapter: path, ...form, init, ...learnt });
    this.#chosen = null;
    this.#wanted = targets;
  }

  /** Fills in a model and the answers that it is to learn; the settings stay. An adapter of another model is no beginning. */
  trainOn(model: string, data: string): void {
    const { default: task } = taskSettings.task;
    const other = this.draft.model !== model && { fromAdapter: null };
    Object.assign(this.draft, { model, data, columns: [], task, ...other });
    this.tried = false;
  }

  reset(): void {
    const { model } = this.draft;
    this.#fill('the usual settings', { ...emptyDraft(), model }, 'all-linear');
  }

  /** Own values of cells that are not chosen stay in the form, and mean nothing to the run. */
  #withMeant(draft: Draft, model: GridModel): Draft {
    const [rankPattern, alphaPattern] = [draft.rankPattern, draft.alphaPattern].map(
      (patterns) => patterns && meant(model, this.selection, patterns),
    );
    return { ...draft, rankPattern: rankPattern ?? null, alphaPattern: alphaPattern ?? null };
  }

  #aboutOf(draft: Draft): About {
    const { base, validationKind, watchedKind, patience } = draft;
    const { checkpointEvery, checkpointMinutes } = draft;
    const said = {
      ...{ task: this.task, base: base ?? 'auto', validation: { kind: validationKind } },
      watched: { kind: watchedKind },
      // A field that is being filled in will say something.
      ...{ patience: patience ?? 0, checkpointEvery: checkpointEvery ?? 1 },
      checkpointMinutes: checkpointMinutes ?? 1,
    };
    const modules = this.model?.description.modules ?? [];
    return aboutOf(
      said,
      modules.some(({ copies }) => copies > 1),
    );
  }

  #form(): string {
    return JSON.stringify([this.draft, this.#chosen]);
  }

  #fill(from: string, draft: Draft, targets: LoraSettings['targets']): void {
    const [was, chosen, wanted] = [$state.snapshot(this.draft), this.#chosen, this.#wanted];
    this.draft = draft;
    this.#chosen = null;
    this.#wanted = targets;
    this.tried = false;
    const before = () => {
      this.draft = was;
      this.#chosen = chosen;
      this.#wanted = wanted;
    };
    this.#filled = { from, before, form: this.#form() };
  }

  /** Starts the run; null where the form has mistakes, which are shown from now on. */
  async start(): Promise<RunRecord | null> {
    this.tried = true;
    if (!this.checked.ok) return null;
    const { config } = this.checked;
    return this.#begin(() => runs.start(config));
  }

  /** Starts several that were made of the form; null while something is starting. */
  startSeries(configs: TrainingConfig[], halving: boolean): Promise<RunRecord[] | null> {
    return this.#begin(() => runs.startSeries(configs, halving));
  }

  async #begin<T>(start: () => Promise<T>): Promise<T | null> {
    if (this.starting) return null;
    this.starting = true;
    try {
      const started = await start();
      this.draft.name = '';
      this.tried = false;
      return started;
    } finally {
      this.starting = false;
    }
  }
}

export const newRun = new NewRun();
