/** A model's chat template: messages to the exact text that the model was taught on. */
import { Template } from '@huggingface/jinja';
import type { Message, Tools } from '../../../shared/contract/engine.ts';
import type { Details } from '../../../shared/errors/catalogue.ts';
import { LorikeetError, lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { saidOf } from '../../../shared/errors/message-of.ts';
import { boundOf, sharedBound, withinTime } from '../within-time.ts';
import { runTemplate, TemplateRefusal } from './bounded-interpreter.ts';
import { usualManner, type ChatManner } from './chat-manner.ts';
import { withArgumentsAsText } from './call-arguments.ts';
import { givenContent, withNullContent } from './null-content.ts';
import { pythonMethods, withPythonMethods } from './python-methods.ts';
import { systemFolded } from './system-fold.ts';
import { traitsOf, type TemplateTraits } from './template-traits.ts';
import { charactersIn } from './template-sizes.ts';
import {
  mannerVariables,
  neededTools,
  ownDate,
  usualTools,
  type Variables,
} from './template-variables.ts';
import { underEveryName } from './thoughts.ts';

export type Conversation<M extends Message = Message> = {
  messages: readonly M[];
  tools?: Tools;
};

export type ChatTemplate = {
  /** @throws tokenizer/no-chat-template, tokenizer/template-failed */
  render: (conversation: Conversation, options: { addGenerationPrompt: boolean }) => string;
  traits: TemplateTraits;
  /** What a person should know of it, in sentences. */
  notices: readonly string[];
};

/** The largest of known models have under 100 kB, and a compiled one takes some twenty times its text. */
const mostTemplateBytes = 1 << 20;

/**
 * Compiles the Jinja source. `specialTokens` are the variables that templates expect beside the messages.
 * @param path the file that has it, for errors
 * @throws tokenizer/template-failed when the source is not valid, tokenizer/template-too-large, tokenizer/no-thinking when the manner says whether to think
 *   and the template does not ask
 */
export function createChatTemplate(
  source: string | null,
  specialTokens: Readonly<Record<string, string | null>>,
  manner: ChatManner = usualManner(),
  path: string | null = null,
): ChatTemplate {
  const { thinking, date } = manner;
  checkTemplateSize(Buffer.byteLength(source ?? ''), path);
  // What finds out what the template does counts as one.
  const opening = sharedBound(boundOf(source?.length ?? 0), tooLong);
  const renderWith = opening(() => renderer(source, specialTokens, path));
  const attempt = (messages: readonly Message[], variables: Variables): string | null => {
    try {
      return opening(() => renderWith(messages, { add_generation_prompt: true, ...variables }));
    } catch (error) {
      if (isRefusal(error)) return null;
      throw error;
    }
  };
  const question = [{ role: 'user', content: 'A question?' }];
  const renders = (variables: Variables) =>
    attempt(question, { ...mannerVariables(manner), ...variables }) !== null;
  const needsTools = !renders(usualTools()) && renders(neededTools());
  const toolsAs = needsTools ? neededTools : usualTools;
  const traits = traitsOf((messages, { prompt, thinking: wish }) => {
    const variables = { ...mannerVariables({ thinking: wish, date }), ...toolsAs() };
    return attempt(messages, { ...variables, add_generation_prompt: prompt });
  }, thinking);
  if (thinking !== 'auto' && !traits.asksForThought) {
    throw lorikeetError('tokenizer/no-thinking', { thinking });
  }
  return {
    render({ messages, tools }, { addGenerationPrompt }) {
      const folded = traits.takesSystem ? messages : systemFolded(messages);
      const called = traits.callsForNull ? folded.map(withNullContent) : folded;
      const written = traits.joinsArguments ? called.map(withArgumentsAsText) : called;
      const variables = { ...mannerVariables(manner), ...toolsAs(tools) };
      return withinTime(
        () => renderWith(written, { ...variables, add_generation_prompt: addGenerationPrompt }),
        // Loops go through up to 16 items a character (template-sizes.ts), at some 2 µs each.
        boundOf(10 * charactersIn([written, variables])),
        tooLong,
      );
    },
    traits,
    notices: [
      ...(needsTools
        ? [
            'The chat template is made for calls of tools, and speaks of them also where there are none.',
          ]
        : []),
      ...(source?.includes('strftime_now')
        ? [`The chat template can write the date of the day; it is given ${date}.`]
        : []),
    ],
  };
}

function renderer(
  source: string | null,
  specialTokens: Readonly<Record<string, string | null>>,
  path: string | null,
): (messages: readonly Message[], variables: Variables) => string {
  const template = source === null ? null : compile(source, path);
  const present = Object.fromEntries(
    Object.entries(specialTokens).filter(([, text]) => text !== null),
  );
  return (messages, variables) => {
    if (template === null) throw lorikeetError('tokenizer/no-chat-template', undefined);
    if (messages.length === 0) throw failed('refusal', path, 'it has no messages');
    const written = messages.map((each) => {
      return { ...underEveryName(each), role: each.role, content: givenContent(each) };
    });
    const all = { ...pythonMethods, ...present, ...variables, messages: written };
    try {
      return runTemplate(template, all, charactersIn(all));
    } catch (error) {
      const fault = error instanceof TemplateRefusal ? 'refusal' : 'error';
      throw failed(fault, path, reasonOf(error), error);
    }
  };
}

function compile(source: string, path: string | null): Template {
  try {
    const template = new Template(ownDate + source);
    withPythonMethods(template.parsed);
    return template;
  } catch (error) {
    throw failed('source', path, reasonOf(error), error);
  }
}

/** @throws tokenizer/template-too-large */
export function checkTemplateSize(bytes: number, path: string | null): void {
  if (bytes <= mostTemplateBytes) return;
  throw lorikeetError('tokenizer/template-too-large', { path, bytes, most: mostTemplateBytes });
}

/** The library's or the template's words, without the full stop that they get; not those of the engine about its own stack. */
function reasonOf(error: unknown): string {
  if (error instanceof RangeError && error.message.startsWith('Maximum call stack'))
    return 'it calls itself too deep, or has parts too deep within one another';
  const said = saidOf(error, 'it uses a value as what it is not, such as a number as a text');
  return said.replace(/\.+$/, '');
}

/** Whether the conversation is refused, and another one may be taken: not where the template takes endless time. */
export function isRefusal(error: unknown): boolean {
  return error instanceof LorikeetError && refusals.has(error.code);
}
const refusals: ReadonlySet<string> = new Set([
  'tokenizer/no-chat-template',
  'tokenizer/template-failed',
]);

function tooLong(): Error {
  return lorikeetError('tokenizer/takes-too-long', { what: 'chat template' });
}

function failed(
  fault: Details<'tokenizer/template-failed'>['fault'],
  path: string | null,
  reason: string,
  cause?: unknown,
): Error {
  return lorikeetError('tokenizer/template-failed', { fault, path, reason }, { cause });
}
