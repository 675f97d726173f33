/** "Fits in memory?" in a word, and what the word rests on. */
import { baseForms } from '../../shared/base-forms.ts';
import { formatBytes } from '../../shared/format.ts';
import type { RoughMemory } from '../../shared/rough-memory.ts';

export type RoughSays = { word: string; tone: 'good' | 'close' | 'bad'; why: string };

const tones = { fits: 'good', close: 'close', over: 'bad' } as const;

export function sayRoughMemory({ form, bytes, fit }: RoughMemory, free: number): RoughSays {
  const held = form === 'dense' ? '' : ` as ${baseForms[form].label}`;
  const words = { fits: `Fits${held}`, close: `Only just fits${held}`, over: 'Too large' };
  const smallest = fit === 'over' && form !== 'dense' ? `, held${held}` : '';
  return {
    word: words[fit],
    tone: tones[fit],
    why: `about ${formatBytes(bytes)} to train${smallest}, ${formatBytes(free)} free`,
  };
}
