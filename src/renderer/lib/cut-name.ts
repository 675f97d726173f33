/** Long names where there is little room. Those of a series begin alike and differ at their ends, so that the middle is left out. */

/** What is shown of the end of a name in any case, in letters. */
const tail = 12;

const segmenter = new Intl.Segmenter('en');

/** What is one letter to the eye, however many code units it has. */
function lettersOf(name: string): string[] {
  return Array.from(segmenter.segment(name), ({ segment }) => segment);
}

/** A name in two: the first part is cut where room is short, the second never is. A short name has no second one. */
export function nameParts(name: string): [head: string, tail: string] {
  const letters = lettersOf(name);
  if (letters.length <= 2 * tail) return [name, ''];
  return [letters.slice(0, -tail).join(''), letters.slice(-tail).join('')];
}

/** A name of at most so many letters: 'lamps: learnin…rate 0.0002'. */
export function cutName(name: string, most: number): string {
  const letters = lettersOf(name);
  if (letters.length <= most) return name;
  const end = Math.floor((most - 1) / 2);
  return `${letters.slice(0, most - 1 - end).join('')}…${letters.slice(-end).join('')}`;
}
