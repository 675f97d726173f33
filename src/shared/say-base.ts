/** How a base was held, in words. */
import { baseForms } from './base-forms.ts';
import type { HeldBase } from './contract/records.ts';
import type { TrainingConfig } from './contract/training-config.ts';

/** 'NF4, 4 bits, double quantisation' */
export function sayBase({ form, doubleQuant }: HeldBase): string {
  return `${baseForms[form].label}${doubleQuant ? ', double quantisation' : ''}`;
}

/** Of a training that is over; null for one from before there was a choice. */
export function sayLearntBase({
  base,
  doubleQuant,
}: Pick<TrainingConfig, 'base' | 'doubleQuant'>): string | null {
  return base === 'auto' ? null : sayBase({ form: base, doubleQuant });
}
