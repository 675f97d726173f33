/** Chooses among several chat templates with names. */
import { z } from 'zod';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { JsonObject } from '../../../shared/is-object.ts';
import { listOf } from '../../../shared/first-wrong.ts';

/** `path` is the template's own file, where it is not one of several in a file. */
export type NamedTemplate = { name: string; template: string; path?: string };

const named = listOf(z.object({ name: z.string(), template: z.string() }));

/** The templates of tokenizer_config.json, where it has a list of them; null where it has something else instead. */
export function namedTemplates(tokenizerConfig: JsonObject): NamedTemplate[] | null {
  const value = tokenizerConfig['chat_template'] ?? [];
  return typeof value === 'string' ? [] : (named.safeParse(value).data ?? null);
}

/** `path` is the file that the template is in. */
export type ChosenTemplate = { template: string | null; path: string; notices: string[] };

/** Names that libraries give to templates for another purpose than chats. */
const otherPurposes: ReadonlySet<string> = new Set(['tool_use', 'rag']);

/**
 * The one called "default"; without it the only one that can be meant, and a sentence about it.
 * @throws tokenizer/which-template
 */
export function chooseTemplate(templates: readonly NamedTemplate[], path: string): ChosenTemplate {
  const usual = templates.find(({ name }) => name === 'default');
  if (usual) return { path, ...usual, notices: [] };
  if (templates.length === 0) return { template: null, path, notices: [] };
  const candidates =
    templates.length === 1 ? templates : templates.filter(({ name }) => !otherPurposes.has(name));
  const [only, ...others] = candidates;
  const names = templates.map(({ name }) => name);
  if (only === undefined || others.length > 0) {
    throw lorikeetError('tokenizer/which-template', { path, names });
  }
  const text = `The model has no chat template called "default"; its template "${only.name}" is used.`;
  return { path, ...only, notices: [text] };
}
