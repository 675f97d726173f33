/** Arguments of calls as the text of their JSON, for chat templates that join them to other text. */
import { Environment } from '@huggingface/jinja';
import type { Message } from '../../../shared/contract/engine.ts';
import { isObject } from '../../../shared/is-object.ts';
import { pythonJson } from './python-text.ts';
import { made } from './template-library.ts';
import { TemplateValues } from './template-values.ts';

/** The message with the arguments of its calls as text; calls are OpenAI's, or have their name and arguments in them. */
export function withArgumentsAsText<M extends Message>(message: M): M {
  const calls = message.further?.['tool_calls'];
  if (!Array.isArray(calls)) return message;
  return { ...message, further: { ...message.further, tool_calls: calls.map(callAsText) } };
}

function callAsText(call: unknown): unknown {
  if (!isObject(call)) return call;
  const { function: called } = call;
  return isObject(called) ? { ...call, function: asText(called) } : asText(call);
}

function asText(called: Record<string, unknown>): Record<string, unknown> {
  const value = called['arguments'];
  if (typeof value !== 'object' || value === null) return called;
  // With spaces behind commas and colons, as templates that are given objects write them.
  return { ...called, arguments: pythonJson(new TemplateValues(made(Environment, [])).of(value)) };
}
