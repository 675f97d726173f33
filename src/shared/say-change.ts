/** Something that a run changed of itself, with when it did. */
import type { RunChange } from './contract/records.ts';

export function sayChange({ step, text }: RunChange): string {
  return `${step === 0 ? 'Before its first step' : `After step ${step}`}: ${text}`;
}
