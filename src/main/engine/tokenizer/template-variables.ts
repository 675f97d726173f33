/** What a chat template is given beside the messages: the date, whether to think, and tools. */
import type { Tools } from '../../../shared/contract/engine.ts';
import type { ChatManner } from './chat-manner.ts';
import { strftime } from './template-date.ts';

export type Variables = Record<string, unknown>;

/** Goes before every template, as a line of its own: the library's `strftime_now` has the clock and the language of the machine. */
export const ownDate = '{% set strftime_now = strftime_today %}\n';

/** Qwen3 and most others ask for `enable_thinking`, Granite for `thinking`; Firefunction wants `datetime`. */
export function mannerVariables({ thinking, date }: ChatManner): Variables {
  const think = thinking === 'on';
  return {
    strftime_today: (format: string) => strftime(date, format),
    datetime: strftime(date, '%b %d %Y %H:%M:%S GMT'),
    ...(thinking === 'auto' ? {} : { enable_thinking: think, thinking: think }),
  };
}

export type ToolForm = (tools?: Tools) => Variables;

/** As transformers gives them: an empty list would count as "there are tools" in several templates. */
export const usualTools: ToolForm = (tools) => ({ tools: tools ?? null });

/** For templates that go through the tools whether or not there are any. Firefunction wants them as text. */
export const neededTools: ToolForm = (tools = []) => ({
  tools,
  functions: tools.length === 0 ? '' : JSON.stringify(tools, null, 2),
});
