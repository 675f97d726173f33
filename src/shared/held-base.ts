/** What is asked for of a base, and what came of it. */
import type { BaseChoice } from './base-forms.ts';
import type { HeldBase } from './contract/records.ts';
import { lorikeetError } from './errors/lorikeet-error.ts';

/**
 * The form that is asked for; null where it is left open. Double quantisation then is a wish for the case that NF4 is taken.
 * Errors: base/double-quant.
 */
export function askedBase(base: BaseChoice, doubleQuant: boolean): HeldBase | null {
  if (base === 'auto') return null;
  if (doubleQuant && base !== 'nf4') throw lorikeetError('base/double-quant', { base });
  return { form: base, doubleQuant };
}

/** Whether its weights have other values than those of its file. */
export function isRounded({ form }: HeldBase): boolean {
  return form === 'nf4' || form === 'int8';
}

/** The same values, however they are held. */
export function sameValues(one: HeldBase, other: HeldBase): boolean {
  if (!isRounded(one) && !isRounded(other)) return true;
  return one.form === other.form && one.doubleQuant === other.doubleQuant;
}
