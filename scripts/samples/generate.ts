/** Writes the sample data's pairs out of the grammar: the same seed gives the same pairs. */
import { createRandom, type Random } from '../../src/main/engine/random.ts';
import { expand, pick } from './expand.ts';
import { requests, type Request } from './requests.ts';

export type Pair = { prompt: string; completion: string };
/** A pair with its sentence before polite forms, capitals and punctuation. */
type Drawn = Pair & { core: string };

export const samples = { seed: 20_26, train: 1500, validation: 200 };

const before = [
  'please ',
  'can you ',
  'could you ',
  'could you please ',
  'would you ',
  'hey, ',
  'ok, ',
  'would you be so kind and ',
  'I would like you to ',
  'quickly ',
  'be a dear and ',
  'go ahead and ',
];
const after = [
  ' please',
  ', please',
  ', thanks',
  ' for me',
  ' now',
  ' right away',
  ', will you',
  ', quick',
];
const questions = new Set(['can you ', 'could you ', 'could you please ', 'would you ']);

/** Letters and digits of a sentence: equal for two that differ only in case and punctuation. */
export function sentenceKey(sentence: string): string {
  return sentence
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}%°.]+/gu, ' ')
    .replaceAll(/\.(?!\d)/g, '')
    .trim();
}

/**
 * Training and held-out pairs. No sentence of one part is in the other, not even with another polite form, case or
 * punctuation; both come from the same distribution.
 */
export function generateSamples(seed: number): { train: Pair[]; validation: Pair[] } {
  const random = createRandom(seed);
  const held = drawDistinct(samples.validation, random, new Set());
  const train = drawDistinct(samples.train, random, new Set(held.map(({ core }) => core)));
  const bare = ({ prompt, completion }: Drawn): Pair => ({ prompt, completion });
  return { train: train.map(bare), validation: held.map(bare) };
}

function drawDistinct(count: number, random: Random, refusedCores: ReadonlySet<string>): Drawn[] {
  const drawn = new Map<string, Drawn>();
  while (drawn.size < count) {
    const next = draw(random);
    const key = sentenceKey(next.prompt);
    if (!refusedCores.has(next.core) && !drawn.has(key)) drawn.set(key, next);
  }
  return [...drawn.values()];
}

function draw(random: Random): Drawn {
  const request = pickWeighted(random);
  const imperatives = request.imperatives ?? [];
  const sentences = request.sentences ?? [];
  const phrase = pick([...imperatives, ...sentences], random);
  const { text, words } = expand(phrase, random);
  const answer = Object.fromEntries(
    Object.entries(request.answer).map(([key, part]) => {
      const value = typeof part === 'string' ? part : words.get(part.slot)?.value;
      if (value === undefined) throw new Error(`"${phrase}" says nothing about "${key}".`);
      return [key, value];
    }),
  );
  const sentence = imperatives.includes(phrase)
    ? politely(text, random)
    : { text, question: false };
  return {
    core: sentenceKey(text),
    prompt: written(sentence.text, sentence.question, random),
    completion: JSON.stringify(answer),
  };
}

function pickWeighted(random: Random): Request {
  const total = requests.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.uniform() * total;
  for (const request of requests) {
    left -= request.weight;
    if (left < 0) return request;
  }
  throw new Error('The weights do not add up.');
}

/** An imperative with something polite before it or after it, or bare. */
function politely(text: string, random: Random): { text: string; question: boolean } {
  const choice = random.uniform();
  if (choice < 0.45) return { text, question: false };
  if (choice < 0.75) {
    const start = pick(before, random);
    return { text: start + text, question: questions.has(start) };
  }
  return { text: text + pick(after, random), question: false };
}

/** As people write: with a capital and a full stop, or with neither. */
function written(text: string, question: boolean, random: Random): string {
  const bare = text.endsWith('?') ? text.slice(0, -1) : text;
  const asks = question || text.endsWith('?');
  const style = random.uniform();
  if (style < 0.35) return bare;
  const capital = bare.charAt(0).toUpperCase() + bare.slice(1);
  if (style < 0.55) return capital;
  return capital + (asks ? '?' : style < 0.95 ? '.' : '!');
}
