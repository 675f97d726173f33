/** The part of Go's text/template that is written for Ollama: as data, as text, and as what Ollama makes of it. */
import type { Message } from '../../../../shared/contract/engine.ts';

/** What Ollama gives to a template: messages, and the system prompts among them joined. */
const conditions = {
  'system role': { go: 'eq .Role "system"', holds: ({ role }) => role === 'system' },
  'user role': { go: 'eq .Role "user"', holds: ({ role }) => role === 'user' },
  'assistant role': { go: 'eq .Role "assistant"', holds: ({ role }) => role === 'assistant' },
  'other role': { go: 'ne .Role "assistant"', holds: ({ role }) => role !== 'assistant' },
  'a system prompt': { go: '$.System', holds: ({ system }) => system !== '' },
  'no system prompt': { go: 'not $.System', holds: ({ system }) => system === '' },
  // Behind the system prompt, where there is one.
  second: { go: 'eq $i 1', holds: ({ index }) => index === 1 },
  last: { go: '$last', holds: ({ index, count }) => index === count - 1 },
  'not last': { go: 'not $last', holds: ({ index, count }) => index < count - 1 },
} as const satisfies Record<string, { go: string; holds: (at: Place) => boolean }>;
type Condition = keyof typeof conditions;

/** Where in a conversation a template is being written. */
type Place = { role: string; content: string; system: string; index: number; count: number };

export type GoPart =
  | string
  | { value: 'content' | 'system' }
  | { when: readonly [Condition, ...Condition[]]; write: readonly GoPart[] };

/** What stands before all messages, and what is written for each. */
export type GoTemplate = { opening: readonly GoPart[]; message: readonly GoPart[] };

const values = { content: '.Content', system: '$.System' } as const;

/** The text of the template; white space between actions is taken away by the dashes, so that none of it counts. */
export function goText({ opening, message }: GoTemplate): string {
  const lines = [
    ...linesOf(opening, ''),
    '{{- range $i, $message := .Messages -}}',
    '  {{- $last := eq (len (slice $.Messages $i)) 1 -}}',
    ...linesOf(message, '  '),
    '{{- end -}}',
  ];
  return lines.join('\n');
}

function linesOf(parts: readonly GoPart[], indent: string): string[] {
  return parts.flatMap((part) => {
    if (typeof part === 'string') return part === '' ? [] : [`${indent}{{- ${goString(part)} -}}`];
    if ('value' in part) return [`${indent}{{- ${values[part.value]} -}}`];
    const inner = linesOf(part.write, `${indent}  `);
    if (inner.length === 0) return [];
    const all = part.when.map((name) => conditions[name].go);
    const condition = all.length === 1 ? all.join('') : `and ${all.map(inBrackets).join(' ')}`;
    return [`${indent}{{- if ${condition} -}}`, ...inner, `${indent}{{- end -}}`];
  });
}

function inBrackets(expression: string): string {
  return expression.includes(' ') ? `(${expression})` : expression;
}

/**
 * JSON's escapes are Go's, too. Quotation marks have another one, because three of them would end the template in a Modelfile; so
 * have characters that cannot be seen, because Ollama leaves them out of a Modelfile.
 */
function goString(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '\\x22');
  return `"${inner.replaceAll(unseen, escaped)}"`;
}

/** White space other than the usual one, controls, and format characters. */
const unseen = /(?! )[\p{Z}\p{C}]/gu;

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}

/** What Ollama writes for a conversation in which no role follows itself: it joins messages that do. */
export function goRender({ opening, message }: GoTemplate, messages: readonly Message[]): string {
  const system = messages
    .filter(({ role }) => role === 'system')
    .map(({ content }) => content)
    .join('\n\n');
  const count = messages.length;
  const outside: Place = { role: '', content: '', system, index: -1, count };
  return (
    write(opening, outside) +
    messages
      .map(({ role, content }, index) => write(message, { role, content, system, index, count }))
      .join('')
  );
}

function write(parts: readonly GoPart[], place: Place): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      if ('value' in part) return place[part.value];
      return part.when.every((name) => conditions[name].holds(place))
        ? write(part.write, place)
        : '';
    })
    .join('');
}
