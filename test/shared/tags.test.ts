/** Tags in one line. */
import { expect, test } from 'vitest';
import { longestTag, mostTags, tagsIn, tagsProblem } from '../../src/shared/tags.ts';

test('each tag once, whatever its case, without spaces round it', () => {
  expect(tagsIn(' baseline, to  keep,, Baseline ,')).toEqual(['baseline', 'to keep']);
  expect(tagsIn('')).toEqual([]);
});

test('what is too long or too many is said', () => {
  const long = 'x'.repeat(longestTag + 1);
  expect(tagsProblem(`fine, ${long}`)).toContain(String(longestTag));
  const many = Array.from({ length: mostTags + 1 }, (_, i) => `tag ${i}`).join(', ');
  expect(tagsProblem(many)).toContain(String(mostTags));
  expect(tagsProblem('fine, too')).toBe(null);
});
