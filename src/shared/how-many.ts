/** A count with its noun and its verb. */
import { formatCount } from './format.ts';

/** '1 token', '1,200 tokens' */
export function howMany(count: number, one: string): string {
  return `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;
}

/** The verb of so many: 'is' of one, 'are' of others, or another pair. */
export function verbOf(count: number, one = 'is', others = 'are'): string {
  return count === 1 ? one : others;
}
