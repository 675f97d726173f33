/** How answers are written: label, help and limits of each number. */
import type { Term } from '../../shared/settings/setting.ts';

type ChatSetting = Term & {
  min: number;
  max?: number;
  step: number | 'any';
  /** What is wrong with a value, completing 'Seed …'; null where nothing is. */
  wrong: (value: number) => string | null;
};

const wholeFrom = (least: number) => (value: number) =>
  Number.isSafeInteger(value) && value >= least
    ? null
    : `has to be a whole number from ${least} on`;

export const chatSettings = {
  maxNewTokens: {
    label: 'Longest answer',
    help: 'In tokens, which are about three quarters of a word each.',
    ...{ min: 1, step: 1, wrong: wholeFrom(1) },
  },
  temperature: {
    label: 'Temperature',
    help: '0 always takes the likeliest token; towards 1 and above, answers vary more.',
    ...{ min: 0, step: 0.1 },
    wrong: (value) => (value >= 0 ? null : 'has to be 0 or more'),
  },
  topP: {
    label: 'Top-p',
    help: 'Draws only from the likeliest tokens that have this much of the probability together; 1 takes all.',
    ...{ min: 0.05, max: 1, step: 0.05 },
    wrong: (value) => (value > 0 && value <= 1 ? null : 'has to be above 0 and at most 1'),
  },
  seed: {
    label: 'Seed',
    help: 'The same seed draws the same answer again, and the same for every column.',
    ...{ min: 0, step: 1, wrong: wholeFrom(0) },
  },
} as const satisfies Record<string, ChatSetting>;
