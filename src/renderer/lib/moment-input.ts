/** A moment as an input of the kind `datetime-local` writes it: '2026-11-27T02:00', by the clock of this machine. */
import { localDate } from '../../shared/local-date.ts';

/** '' for no moment. */
export function momentText(time: number | null): string {
  if (time === null) return '';
  const at = new Date(time);
  const parts = [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, '0'));
  return `${localDate(at)}T${parts.join(':')}`;
}

/** Milliseconds since 1970; null for what is no moment. */
export function momentOf(text: string): number | null {
  const time = new Date(text).getTime();
  return text === '' || Number.isNaN(time) ? null : time;
}
