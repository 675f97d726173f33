/** Reads Go templates of the form that is written for Ollama, one action a line, and writes what Go's text/template makes of them. */
import { z } from 'zod';
import type { Message } from '../../../../../src/shared/contract/engine.ts';

type Data = { $: { System: string; Messages: Message[] }; i: number; message: Message | null };
type Value = string | number | boolean;

/** The text of a template for a conversation, as Ollama gives it: with the system prompts once more by themselves. */
export function runGoText(template: string, messages: Message[]): string {
  const actions = template.split('\n').map((line) => {
    const [, action] = /^ *\{\{- (.*) -\}\}$/.exec(line) ?? [];
    if (action === undefined) throw new Error(`not one action: ${line}`);
    return action;
  });
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const $ = { System: system.join('\n\n'), Messages: messages };
  const { text, end } = run(actions, 0, { $, i: -1, message: null });
  if (end !== actions.length) throw new Error(`an end too many at line ${end + 1}`);
  return text;
}

/** Runs up to the end of the block that begins at the line. */
function run(actions: readonly string[], begin: number, data: Data): { text: string; end: number } {
  let text = '';
  let at = begin;
  while (at < actions.length) {
    const action = actions[at] ?? '';
    if (action === 'end') break;
    if (action.startsWith('if ')) {
      const inner = run(actions, at + 1, data);
      if (isTrue(evaluate(action.slice(3), data))) text += inner.text;
      at = inner.end;
    } else if (action === 'range $i, $message := .Messages') {
      const each = data.$.Messages.map((message, i) =>
        run(actions, at + 1, { ...data, i, message }),
      );
      text += each.map((one) => one.text).join('');
      at = each[0]?.end ?? actions.length;
    } else if (action !== '$last := eq (len (slice $.Messages $i)) 1') {
      text += String(evaluate(action, data));
    }
    at++;
  }
  return { text, end: at };
}

function isTrue(value: Value): boolean {
  return value !== '' && value !== 0 && value !== false;
}

function evaluate(expression: string, data: Data): Value {
  const [, call = expression, ...args] = split(expression);
  const value = (index: number): Value => evaluate(args[index] ?? '', data);
  switch (call) {
    case 'eq':
      return value(0) === value(1);
    case 'ne':
      return value(0) !== value(1);
    case 'not':
      return !isTrue(value(0));
    case 'and':
      return args.every((arg) => isTrue(evaluate(arg, data)));
    case '$.System':
      return data.$.System;
    case '.Content':
      return data.message?.content ?? '';
    case '.Role':
      return data.message?.role ?? '';
    case '$i':
      return data.i;
    case '$last':
      return data.i === data.$.Messages.length - 1;
    case '1':
      return 1;
    default:
      // What Go and JSON write alike, but for one escape.
      return z.string().parse(JSON.parse(call.replaceAll('\\x22', '\\u0022')));
  }
}

/** The expression, and its function and arguments; brackets around an argument are taken away. */
function split(expression: string): string[] {
  const parts = expression.match(/"(?:[^"\\]|\\.)*"|\([^()]*\)|[^\s()]+/g) ?? [];
  return [expression, ...parts.map((part) => part.replace(/^\((.*)\)$/, '$1'))];
}
