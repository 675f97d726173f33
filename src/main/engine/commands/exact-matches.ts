/** How many answers of models are exactly the wanted ones. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import { promptTokens, questionOf } from '../batch/encode.ts';
import { formatCount } from '../../../shared/format.ts';
import { howMany, verbOf } from '../../../shared/how-many.ts';
import type { Example } from '../dataset/example.ts';
import { openAnswerer } from './answerer.ts';
import { tellAll, type OpenModel } from './open-model.ts';
import { spread } from './spread.ts';

/** What a model is asked, in tokens, and the right reply. */
type Question = { prompt: readonly number[]; answer: string };
type Asked = {
  model: OpenModel;
  questions: readonly Question[];
  longest: number;
  /** What is not asked, in sentences. */
  leftOut: readonly string[];
};

/** `share` is null where nothing was asked. */
export type Matches = { share: number | null; answers: number };

/**
 * Each model's greedy answers to the questions of its examples, asked in its own tokenizer's chat template: the share that is
 * the wanted text, spaces round it apart. Models differ in gates and tokenizer only.
 * @param most how many of a file's questions are asked, spread evenly over it; null for all
 */
export async function exactMatches(
  cells: readonly { model: OpenModel; examples: readonly Example[] }[],
  most: number | null,
  context: EngineContext,
): Promise<Matches[]> {
  const asked = cells.map(({ model, examples }) => askedOf(model, examples, most));
  tellAll(context, [...new Set(asked.flatMap(({ leftOut }) => leftOut))]);
  const prompts = asked.flatMap(({ questions }) => questions.map(({ prompt }) => prompt));
  const [first] = cells;
  if (!first || prompts.length === 0) return asked.map(() => ({ share: null, answers: 0 }));
  const longest = Math.max(...asked.map((each) => each.longest));
  const answerer = openAnswerer(first.model, prompts, longest, context);
  try {
    const matches: Matches[] = [];
    for (const { model, questions, longest: maxNewTokens } of asked) {
      const wanted = questions.map(({ prompt }) => prompt);
      const options = { maxNewTokens, temperature: 0, seed: 0 };
      const given = await answerer.answer(wanted, model, options);
      const right = given.filter(({ text }, i) => text.trim() === questions[i]?.answer.trim());
      const answers = questions.length;
      matches.push({ share: answers === 0 ? null : right.length / answers, answers });
    }
    return matches;
  } finally {
    answerer.dispose();
  }
}

function askedOf(model: OpenModel, examples: readonly Example[], most: number | null): Asked {
  const { tokenizer } = model;
  const all = most === 0 ? [] : examples.flatMap((each) => questionOf(each, tokenizer) ?? []);
  const taken = spread(all, most).map(({ prompt, answer }): Question => {
    return { prompt: promptTokens(prompt, tokenizer), answer };
  });
  // Attention takes memory with the square of a prompt's length.
  const { maxPositionEmbeddings: positions } = model.checkpoint.config;
  const questions = taken.filter(({ prompt }) => prompt.length <= positions);
  const over = taken.length - questions.length;
  const lengths = questions.map(({ answer }) => tokenizer.encode(answer).length);
  // A right answer needs no more tokens than the longest wanted one and its end.
  const longest = Math.max(0, ...lengths) + 2;
  return { model, questions, longest, leftOut: over === 0 ? [] : [sayLeftOut(over, positions)] };
}

function sayLeftOut(over: number, positions: number): string {
  return `${howMany(over, 'question')} ${verbOf(over)} longer than the ${formatCount(positions)} tokens that the model was made for, and not asked.`;
}
