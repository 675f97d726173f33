/** A count with its noun. */
import { formatCount } from './format.ts';

/** '1 token', '1,200 tokens' */
export function howMany(count: number, one: string): string {
  return `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;
}
