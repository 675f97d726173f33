/** What a person sets of a conversation: the model, who answers beside it, and how. */
import { mostAdapted, type ChatSetup, type ChatTurn } from '../../shared/contract/chat.ts';
import { chatSettings } from './chat-settings.ts';
import type { BlendPart } from './blend-form.ts';
import { usualWeight } from './blend-form.ts';

export type AdaptedColumn = { key: number; parts: readonly BlendPart[] };
/** Numbers are null while their field is empty. */
export type ChatForm = {
  model: string | null;
  /** The base answers beside the others. */
  base: boolean;
  adapted: readonly AdaptedColumn[];
  system: string;
} & { [K in keyof typeof chatSettings]: number | null };

/** Of the base: it is always the same. */
const baseKey = 0;

export function emptyChat(model: string | null): ChatForm {
  const usual = { maxNewTokens: 256, temperature: 0, topP: 1, seed: 0 };
  return { model, base: true, adapted: [], system: '', ...usual };
}

/** A form filled with what a conversation was last asked with. */
export function chatFormOf({ columns, ...rest }: ChatSetup): ChatForm {
  return {
    ...rest,
    base: columns.some(({ parts }) => parts.length === 0),
    adapted: columns.filter(({ parts }) => parts.length > 0),
  };
}

/** What there is to do before something can be asked; null where nothing is. */
export function lackOfChat(form: ChatForm): string | null {
  if (form.model === null) return 'Choose a model.';
  const { adapted } = form;
  if (adapted.some(({ parts }) => parts.length === 0))
    return 'Choose an adapter for every column, or remove the column.';
  if (!form.base && adapted.length === 0) return 'Choose who is to answer.';
  if (adapted.some(({ parts }) => parts.some(({ weight }) => weight === null)))
    return 'Give every adapter a weight.';
  for (const [key, { label, wrong }] of Object.entries(chatSettings)) {
    const value = Object.entries(form).find(([name]) => name === key)?.[1];
    const problem = typeof value === 'number' ? wrong(value) : 'is empty';
    if (problem !== null) return `${label} ${problem}.`;
  }
  return null;
}

/** What main is asked with; null while something is lacking. */
export function chatSetupOf(form: ChatForm): ChatSetup | null {
  const { model, system, maxNewTokens, temperature, topP, seed } = form;
  if (lackOfChat(form) !== null || model === null) return null;
  if (maxNewTokens === null || temperature === null || topP === null || seed === null) return null;
  const adapted = form.adapted.map(({ key, parts }) => {
    return {
      key,
      parts: parts.flatMap(({ id, weight }) => (weight === null ? [] : { id, weight })),
    };
  });
  const columns = [...(form.base ? [{ key: baseKey, parts: [] }] : []), ...adapted];
  return { model, columns, system, maxNewTokens, temperature, topP, seed };
}

/** A further column, of this adapter; what was said under other keys is not its own. */
export function withColumn(form: ChatForm, turns: readonly ChatTurn[], id: number): ChatForm {
  if (form.adapted.length >= mostAdapted) return form;
  const said = turns.flatMap(({ answers }) => answers.map(({ column }) => column));
  const key = 1 + Math.max(baseKey, ...said, ...form.adapted.map((column) => column.key));
  return { ...form, adapted: [...form.adapted, { key, parts: [{ id, weight: usualWeight }] }] };
}

export function withParts(form: ChatForm, key: number, parts: readonly BlendPart[]): ChatForm {
  const adapted = form.adapted.map((column) => (column.key === key ? { key, parts } : column));
  // A column that nothing is left of is gone.
  return { ...form, adapted: adapted.filter((column) => column.parts.length > 0) };
}

/** Another model: adapters are of the one before. */
export function withModel(form: ChatForm, model: string): ChatForm {
  return model === form.model ? form : { ...form, model, base: true, adapted: [] };
}
