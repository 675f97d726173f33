/** What can go wrong while the engine computes. */
import { formatCount } from '../format.ts';
import { listed } from './listed.ts';
import type { Catalogue } from './problem.ts';

type NoNextToken = {
  path: string;
  /** 'bert' */
  model: string;
  /** What makes it tell texts apart; null where nothing does. */
  classifies: keyof typeof classifiesOnly | null;
};

const classifiesOnly = {
  model: {
    what: 'The model classifies texts; it writes no answers.',
    next: 'Use `lorikeet classify` or `lorikeet evaluate`; train it with --task sequence-classification.',
  },
  adapter: {
    what: 'The model with this adapter classifies texts; it writes no answers.',
    next: 'Use `lorikeet classify` or `lorikeet evaluate`, or leave the adapter out.',
  },
};

type Diverged = { step: number; routerLoss: number; module: string | null };

/** `module` is the one in which it shows most. */
function divergedAt({ step, module }: Diverged): string {
  return module === null ? `step ${step}` : `step ${step}, ${module}`;
}

function afterDivergence({ routerLoss }: Diverged): string {
  return `Lower the learning rate${routerLoss > 0 ? ' or the router loss' : ''}, or look at the data around this step, and start again.`;
}

export const engineErrors = {
  'internal/unexpected': (d: { message: string }) => ({
    what: `Something unexpected went wrong: ${d.message}`,
    next: 'Please report this with the message above.',
  }),
  'engine/runtime-missing': (d: { path: string; reason: string }) => ({
    what: `The TensorFlow runtime cannot be loaded: ${d.reason}.`,
    where: d.path,
    next: 'Run `npm run setup` in the project folder; `lorikeet doctor` shows what is missing.',
  }),
  'engine/failed': (d: { message: string }) => ({
    what: `TensorFlow stopped with an error: ${d.message}`,
    next: 'If memory ran out, lower the batch size or the sequence length and start again.',
  }),
  'engine/out-of-memory': (d: { message: string }) => ({
    what: `TensorFlow did not get the memory that it asked for: ${d.message}.`,
    next: 'Close other programs, or lower the batch size or the sequence length, and start again.',
  }),
  'engine/stopped': (d: { reason: string }) => ({
    what: `The engine process ended: ${d.reason}.`,
    next: 'Ask again; a run goes on from its last checkpoint. If memory ran out, lower the batch size or the sequence length.',
  }),
  'engine/ended-for-memory': (d: { reason: string }) => ({
    what: `The engine process ended: ${d.reason}.`,
    next: 'Ask again; a run goes on from its last checkpoint, with settings that need less. Otherwise close other programs, or lower the batch size or the sequence length.',
  }),
  'engine/cancelled': (d: { work: string }) => ({
    what: `${d.work} was stopped on request.`,
    next: 'Start it again when you like.',
  }),
  'engine/paused': (d: { work: string }) => ({
    what: `${d.work} was paused on request.`,
    next: 'Have it go on when you like.',
  }),
  'engine/bad-tokens': (d: { token: number | null; vocabSize: number }) => ({
    what:
      d.token === null
        ? 'No token was given.'
        : `Token ${d.token} is outside the vocabulary, which has the ids 0 to ${d.vocabSize - 1}.`,
    where: 'tokens',
    next: 'Give token ids of this model, separated by commas.',
  }),
  'engine/prompt-too-long': (d: { path: string; tokens: number; positions: number }) => ({
    what: `What is asked has ${formatCount(d.tokens)} tokens with what the chat template writes around it, and the model was made for ${formatCount(d.positions)}.`,
    where: d.path,
    next: 'Ask something shorter, leave out the beginning of the conversation, or choose a model with a longer context.',
  }),
  'task/no-next-token': ({ path, model, classifies }: NoNextToken) => ({
    ...(classifies === null
      ? {
          what: `A model of the kind ${model} reads texts and writes none: it has no head that predicts the next token.`,
          next: 'Train it as a classifier (--task sequence-classification), or choose a model that writes, such as a LLaMA.',
        }
      : classifiesOnly[classifies]),
    where: path,
  }),
  'task/no-labels': (d: { path: string }) => ({
    what: 'The model does not classify: neither it nor an adapter has a head for that.',
    where: d.path,
    next: 'Give an adapter that was trained with --task sequence-classification, or use `lorikeet generate`.',
  }),
  'train/labels-differ': (d: { first: readonly string[]; other: readonly string[] }) => ({
    what: `Classifiers that are trained together need the same classes; one has ${listed([...d.first], 8)}, another ${listed([...d.other], 8)}.`,
    where: 'variants',
    next: 'Give them data with the same labels, or train them one after another.',
  }),
  'train/loss-not-finite': (d: {
    step: number;
    loss: number;
    gradientNorm: number;
    routerLoss: number;
    module: string | null;
  }) => ({
    what: `${Number.isFinite(d.loss) ? `The gradient's norm became ${d.gradientNorm}` : `The loss became ${d.loss}`} at step ${d.step}, and the run went no further.`,
    where: divergedAt(d),
    next: afterDivergence(d),
  }),
  /** Losses in nats per token. */
  'train/diverged': (d: {
    step: number;
    now: number;
    before: number;
    routerLoss: number;
    module: string | null;
  }) => ({
    what: `The loss has run away: it is ${d.now.toPrecision(3)} at step ${d.step}, and was about ${d.before.toPrecision(3)} in the steps before. The run went no further.`,
    where: divergedAt(d),
    next: afterDivergence(d),
  }),
  'train/no-rate': (d: { rates: readonly number[] }) => ({
    what: `With none of the learning rates that were tried (${d.rates.join(', ')}) the loss stayed a number near where it began.`,
    where: 'learning rate',
    next: 'Try smaller rates, and look at the data and the gradient clipping.',
  }),
  'train/no-questions': (d: { path: string }) => ({
    what: 'The validation data has no question that could be asked: its lines are texts, or end without an answer.',
    where: d.path,
    next: 'Type prompts to be watched (--watch), or watch none.',
  }),
  'train/idle-setting': (d: {
    label: string;
    flag: string;
    value: string;
    lacks: string;
    give: string;
  }) => ({
    what: `${d.label} was set to ${d.value}, and has no effect: ${d.lacks}.`,
    where: `${d.label} (--${d.flag})`,
    next: `${d.give}, or leave this setting as it usually is.`,
  }),
  'train/no-router': (d: { path: string; value: number }) => ({
    what: `A router loss of ${d.value} was asked for, and the model has no experts that a router chooses from.`,
    where: d.path,
    next: 'Leave the router loss at 0 with this model.',
  }),
  'train/not-to-be-halved': (d: { why: string }) => ({
    what: `The worse half of the runs cannot be told from the better one: ${d.why}.`,
    where: 'successive halving',
    next: 'Give all of them the same validation file and validate more often, or train all of them to their end.',
  }),
  'train/variants-differ': (d: { settings: string[] }) => ({
    what: `Adapters that are trained together share a batch, but their ${listed(d.settings)} differ.`,
    where: 'variants',
    next: 'Give them the same there, or train them one after another.',
  }),
} satisfies Catalogue;
