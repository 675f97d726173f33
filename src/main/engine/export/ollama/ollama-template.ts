/** A chat template as the Go template that Ollama wants, held against the original. */
import type { Message } from '../../../../shared/contract/engine.ts';
import { LorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { goRender, goText, type GoPart, type GoTemplate } from './go-template.ts';
import { turnTexts, type Render, type TurnTexts } from './turn-texts.ts';

export type OllamaTemplate = {
  /** Null where Go cannot say it: Ollama then takes what it knows for the template in the GGUF file. */
  template: string | null;
  /** Why there is none, or what it does otherwise, in sentences for a person. */
  notices: string[];
};

/**
 * Builds the template from what stands around contents, and proves it: conversations of one to three questions, with and without
 * a system prompt, come out exactly as the original writes them.
 * @param source the Jinja template
 */
export function ollamaTemplate(tokenizer: Tokenizer, source: string): OllamaTemplate {
  if (/strftime_now|datetime/.test(source)) return none('it writes the date of the day');
  const { startsWithBos, bosTokenId } = tokenizer;
  const bos = startsWithBos && bosTokenId !== null ? tokenizer.decode([bosTokenId]) : '';
  const render: Render = (messages, prompt) => {
    const text = tokenizer.renderChat({ messages }, { addGenerationPrompt: prompt });
    // llama.cpp, which Ollama runs, puts this token before every text.
    return text.startsWith(bos) ? text.slice(bos.length) : text;
  };
  try {
    const texts = turnTexts(render);
    if (texts === null) return none('it does not write all contents as they are');
    const template = templateOf(texts);
    const differs = (messages: Message[]) =>
      render(messages, true) !== goRender(template, messages);
    const wrong = conversations.find(differs);
    if (wrong) return none(`${described(wrong)} come out otherwise`);
    return {
      template: goText(template),
      notices: [
        ...(bos !== '' && !writes(tokenizer, bos) ? [tellBos(bos)] : []),
        ...(differs(spaced) ? [trims] : []),
        ...(differs(thoughtful) ? [dropsThoughts] : []),
      ],
    };
  } catch (error) {
    if (error instanceof LorikeetError) return none(error.message);
    throw error;
  }
}

function none(reason: string): OllamaTemplate {
  const notice = `The chat template cannot be written as Ollama's kind of template: ${reason}. Ollama takes what it knows for the template in the GGUF file; compare a prompt before you rely on it.`;
  return { template: null, notices: [notice] };
}

function templateOf({ opening, user, assistant, system, prompt }: TurnTexts): GoTemplate {
  const always = system.opening.startsWith(opening) ? opening : '';
  const before = system.opening.slice(always.length);
  const ofSystem: GoPart[] = [{ value: 'system' }, system.after];
  const inOwnTurn = system.place === 'own turn';
  const place = system.place === 'first question' ? 'second' : 'last';
  return {
    opening: [
      always,
      { when: ['no system prompt'], write: [opening.slice(always.length)] },
      { when: ['a system prompt'], write: inOwnTurn ? [before, ...ofSystem] : [before] },
    ],
    message: [
      {
        when: ['user role'],
        write: [
          user.before,
          ...(inOwnTurn ? [] : [{ when: ['a system prompt', place], write: ofSystem } as const]),
          { value: 'content' },
          user.after,
        ],
      },
      {
        when: ['assistant role'],
        write: [
          assistant.before,
          { value: 'content' },
          { when: ['not last'], write: [assistant.after] },
        ],
      },
      // An answer that is begun is gone on with.
      { when: ['last', 'other role'], write: [prompt] },
    ],
  };
}

const turn = (role: Message['role'], content: string): Message => ({ role, content });
const system = turn('system', 'Answer in {{ JSON }}, "briefly".\n\n- `one` line');
const dialogue = [
  turn('user', 'Kitchen light on?\nPlease.'),
  turn('assistant', '{"on": true}'),
  turn('user', 'And "now" {% off %}'),
  turn('assistant', 'Off.'),
  turn('user', 'x'),
];
const conversations = [1, 3, 5].flatMap((length) => {
  const turns = dialogue.slice(0, length);
  return [turns, [system, ...turns]];
});
const spaced = [turn('user', ' on \n')];
const thoughtful = [
  turn('user', 'on'),
  turn('assistant', '<think>\nIt is off.\n</think>\n\nOn.'),
  turn('user', 'off'),
];

function described(messages: readonly Message[]): string {
  const asked = messages.filter(({ role }) => role === 'user').length;
  const questions = asked === 1 ? 'one question' : `${asked} questions`;
  return `conversations with ${questions}${messages[0] === system ? ' and a system prompt' : ''}`;
}

function writes(tokenizer: Tokenizer, bos: string): boolean {
  const messages = dialogue.slice(0, 1);
  return tokenizer.renderChat({ messages }, { addGenerationPrompt: true }).startsWith(bos);
}

function tellBos(bos: string): string {
  return `The chat template does not begin with ${JSON.stringify(bos)}, and Ollama puts it before every prompt of this model.`;
}
const trims =
  'The chat template takes away white space around contents, and the one for Ollama leaves it: send contents without it.';
const dropsThoughts =
  'The chat template leaves out the thoughts of earlier answers, and the one for Ollama writes answers as they are sent: send them without <think>.';
