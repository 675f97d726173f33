/** What a person sets of a blend: its parts with their weights, and how they become one. */
import type { CommandRequest } from '../../shared/contract/commands.ts';
import {
  compositionDefaults,
  usesOption,
  type CompositionOption,
  type CompositionOptions,
} from '../../shared/contract/composition.ts';

export type Blend = CommandRequest<'blends.figures'>;
/** The weight is null while its field is empty. */
export type BlendPart = { id: number; weight: number | null };
export type BlendForm = {
  parts: readonly BlendPart[];
  otherBase: boolean;
} & CompositionOptions;

/** What the slider of a weight covers; the field beside it takes any number. */
export const weightSlider = { min: -1, max: 2, step: 0.05 };
export const usualWeight = 1;

export function emptyBlend(): BlendForm {
  return { parts: [], otherBase: false, kind: 'exact', rank: null, ...compositionDefaults };
}

/** Takes an adapter in with the usual weight, or out. Another base was agreed to for the parts as they were. */
export function toggled(form: BlendForm, id: number): BlendForm {
  const rest = form.parts.filter((part) => part.id !== id);
  const parts =
    rest.length < form.parts.length ? rest : [...form.parts, { id, weight: usualWeight }];
  return { ...form, parts, otherBase: false };
}

/** One part less; a blend may have the same adapter twice. */
export function without(form: BlendForm, at: number): BlendForm {
  return { ...form, parts: form.parts.filter((_, index) => index !== at), otherBase: false };
}

/** What there is to do before the blend can be composed; null where nothing is. */
export function lackOf({ parts }: BlendForm): string | null {
  if (parts.length === 0) return 'Choose the adapters that are to become one.';
  return parts.some(({ weight }) => weight === null) ? 'Give every adapter a weight.' : null;
}

/** What the engine is asked, without options that the kind does not use; null while something is lacking. */
export function blendOf(form: BlendForm): Blend | null {
  const { kind, otherBase } = form;
  const adapters = form.parts.flatMap(({ id, weight }) => (weight === null ? [] : { id, weight }));
  if (adapters.length === 0 || adapters.length < form.parts.length) return null;
  const used = (option: CompositionOption) => (usesOption(kind, option) ? form[option] : null);
  const options = { rank: used('rank'), density: used('density'), seed: used('seed') };
  return { adapters, kind, ...options, otherBase };
}

/** Whether figures follow the sliders: these kinds take about a second, the others whole matrices and up to a minute. */
export function isQuick({ kind }: Pick<BlendForm, 'kind'>): boolean {
  return kind === 'exact' || kind === 'svd';
}
