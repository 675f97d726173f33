/** The blend in the making: what it is made of, its figures and answers, and how it was saved; kept when the page is left. */
import type { CommandResponse } from '../../shared/contract/commands.ts';
import type { StudioEvent } from '../../shared/contract/events.ts';
import type { BlendOrigin } from '../../shared/contract/origin.ts';
import { compositionDefaults, usesOption } from '../../shared/contract/composition.ts';
import type { AdapterRecord } from '../../shared/contract/records.ts';
import { call } from '../bridge.ts';
import { blendOf, emptyBlend, isQuick, type BlendPart } from '../lib/blend-form.ts';
import { advanced, type WorkProgress } from '../lib/work-progress.ts';
import { Asked } from './asked.svelte.ts';
import { TextsToTell, type Texts } from './texts.svelte.ts';

/** How long the form has been still when figures are computed by themselves; milliseconds. */
const pause = 400;

type Answers = CommandResponse<'blends.try'> & { prompt: string; names: readonly string[] };
type Told = CommandResponse<'blends.classify'> & { texts: Texts; names: readonly string[] };

export class BlendWork {
  form = $state.raw(emptyBlend());
  prompt = $state('');
  maxNewTokens = $state<number | null>(128);
  temperature = $state<number | null>(0);
  name = $state('');
  stopping = $state(false);
  progress = $state.raw<WorkProgress | null>(null);
  readonly figures = new Asked<CommandResponse<'blends.figures'>>();
  readonly answers = new Asked<Answers>();
  readonly texts = new TextsToTell();
  readonly told = new Asked<Told>();
  readonly saved = new Asked<AdapterRecord>();

  blend = $derived(blendOf(this.form));
  /** What figures and answers have to be of to be those of the form. */
  key = $derived(JSON.stringify(this.blend));
  measured = $derived(this.blend !== null && this.figures.answer?.of === this.key);

  /**
   * Computes figures a little later, where they are quickly had. For an effect: it is to be done again when what it reads
   * changes, and what it gives ends the waiting.
   */
  follow(): () => void {
    // An answer or an adapter that is in the making is of the draft that other figures would replace.
    const free = ![this.answers, this.told, this.saved].some(({ busy }) => busy);
    const due = free && this.blend !== null && isQuick(this.form) && !this.measured;
    const timer = due ? setTimeout(() => void this.measure(), pause) : undefined;
    return () => {
      clearTimeout(timer);
    };
  }

  async measure(): Promise<void> {
    const { blend } = this;
    if (blend === null) return;
    if (this.figures.busy) void call('blends.stop', undefined);
    await this.#work(this.figures, () => call('blends.figures', blend));
  }

  /** Goes on with a base whose files are other ones than the adapters were made on. */
  async useThisBase(): Promise<void> {
    this.form = { ...this.form, otherBase: true };
    await this.measure();
  }

  /** `names` are those of the parts, by which their answers are called. */
  async try(names: readonly string[]): Promise<void> {
    const { blend, prompt } = this;
    if (blend === null || this.answers.busy || prompt.trim() === '') return;
    const options = {
      maxNewTokens: this.maxNewTokens ?? 128,
      temperature: this.temperature ?? 0,
    };
    await this.#work(this.answers, async () => {
      const given = await call('blends.try', { ...blend, prompt, ...options });
      return { ...given, prompt, names };
    });
  }

  async classify(names: readonly string[]): Promise<void> {
    const { blend } = this;
    const { texts } = this.texts;
    if (blend === null || this.told.busy || texts === null) return;
    await this.#work(this.told, async () => {
      return { ...(await call('blends.classify', { ...blend, texts })), texts, names };
    });
  }

  async save(name: string): Promise<void> {
    const { blend } = this;
    if (blend === null || this.saved.busy) return;
    await this.#work(this.saved, () => call('blends.save', { ...blend, name }));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await call('blends.stop', undefined);
  }

  /** Fills the form with what an earlier blend was made of; `parts` are those of its adapters that are still known. */
  take(
    parts: readonly BlendPart[],
    { kind, rank, density, seed }: BlendOrigin['composition'],
  ): void {
    this.form = {
      ...{ parts, otherBase: false, kind },
      // The rank of an exact sum follows from its parts.
      rank: usesOption(kind, 'rank') ? rank : null,
      density: density ?? compositionDefaults.density,
      seed: seed ?? compositionDefaults.seed,
    };
  }

  apply(event: StudioEvent, now = performance.now()): void {
    if (event.kind === 'blend-progress') this.progress = advanced(this.progress, event, now);
  }

  async #work<T>(asked: Asked<T>, question: () => Promise<T>): Promise<void> {
    this.progress = null;
    await asked.ask(this.key, question);
    this.progress = null;
    this.stopping = false;
  }
}

export const blendWork = new BlendWork();
