/** Puts many findings into one readable sentence part. */
import { shortened } from './shortened.ts';

/** Joins with semicolons; after the first `most` only how many more there are. */
export function listed(items: readonly string[], most = 12): string {
  const shown = items.slice(0, most).map(shortened).join('; ');
  return items.length > most ? `${shown}; and ${items.length - most} more` : shown;
}
