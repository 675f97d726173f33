/** What to do where work found too little memory: what can be turned down differs from command to command. */
import type { Problem } from './problem.ts';

const ofTraining = 'lower the batch size or the sequence length';
const ofQuestions = 'ask for less: a shorter prompt, a shorter answer (--max-new-tokens)';
const ofTables = 'evaluate with a shorter sequence length (--sequence-length)';

/** By command, completing 'Close other programs, or …'. */
const ways = new Map<string, string>([
  ['train', ofTraining],
  ['train.variants', ofTraining],
  ['train.estimate', ofTraining],
  ['generate', ofQuestions],
  ['generate.variants', ofQuestions],
  ['generate.table', ofQuestions],
  ['compare', ofQuestions],
  ['chat', 'ask for a shorter answer, or fewer at once'],
  ['evaluate', ofTables],
  ['evaluate.table', ofTables],
  ['classify', 'give shorter texts'],
  ['logits', 'give fewer tokens'],
]);

/** Of merges, exports and what else has nothing to turn down. */
const ofOthers = 'choose a smaller model';

/** What to do next, by the code of the error. */
const advices = new Map<string, (way: string) => string>([
  ['engine/failed', (way) => `If memory ran out, close other programs, or ${way}, and start again.`],
  ['engine/out-of-memory', (way) => `Close other programs, or ${way}, and start again.`],
  ['engine/stopped', (way) => `Ask again. If memory ran out, close other programs, or ${way}.`],
  ['engine/ended-for-memory', (way) => `Close other programs, or ${way}, and ask again.`],
]);

/** The problem with advice that fits the command in which it came up. What training is told stays: runs go on from checkpoints. */
export function withAdvice(problem: Problem, command: string): Problem {
  const advice = advices.get(problem.code);
  const way = ways.get(command) ?? ofOthers;
  return advice === undefined || way === ofTraining ? problem : { ...problem, next: advice(way) };
}
