/** A day as text. */

/** '2026-11-26', by the clock of this machine. */
export function localDate(at = new Date()): string {
  const parts = [at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0'));
  return [String(at.getFullYear()).padStart(4, '0'), ...parts].join('-');
}
