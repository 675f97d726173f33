/** Turns one phrase of the grammar into one sentence. */
import type { Random } from '../../src/main/engine/random.ts';
import { wordLists, type Slot, type Word } from './words.ts';

export type Expanded = { text: string; words: ReadonlyMap<Slot, Word> };

/** An item of the list, every one equally likely. */
export function pick<T>(list: readonly T[], random: Random): T {
  const item = list[random.below(list.length)];
  if (item === undefined) throw new Error('There is nothing to choose from.');
  return item;
}

/** Chooses at every `(a|b)`, keeps or drops every `[a]`, and fills every `{slot}`. Choices do not nest. */
export function expand(phrase: string, random: Random): Expanded {
  const words = new Map<Slot, Word>();
  const text = phrase
    .replaceAll(/\(([^)]*)\)/g, (_, choices: string) => pick(choices.split('|'), random))
    .replaceAll(/\[([^\]]*)\]/g, (_, choices: string) =>
      random.uniform() < 0.5 ? pick(choices.split('|'), random) : '',
    )
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      if (!isSlot(name)) throw new Error(`The grammar has no list of words called "${name}".`);
      const word = pick<Word>(wordLists[name], random);
      words.set(name, word);
      return word.said;
    })
    .replaceAll(/\s+/g, ' ')
    .trim();
  return { text, words };
}

function isSlot(name: string): name is Slot {
  return Object.hasOwn(wordLists, name);
}
