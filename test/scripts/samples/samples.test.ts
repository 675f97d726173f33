/** The sample data: the files are what the seed gives, the parts share nothing, answers follow from sentences. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expand } from '../../../scripts/samples/expand.ts';
import { generateSamples, samples, sentenceKey } from '../../../scripts/samples/generate.ts';
import { createRandom } from '../../../src/main/engine/random.ts';

const pair = z.strictObject({ prompt: z.string(), completion: z.string() });
const answer = z.looseObject({ action: z.string() });

function read(part: string): z.output<typeof pair>[] {
  const url = new URL(`../../../resources/samples/smart-home.${part}.jsonl`, import.meta.url);
  const lines = readFileSync(url, 'utf8').trimEnd().split('\n');
  return lines.map((line) => pair.parse(JSON.parse(line)));
}

const train = read('train');
const validation = read('validation');
const actions = (part: typeof train): Set<string> =>
  new Set(part.map(({ completion }) => answer.parse(JSON.parse(completion)).action));

describe('the sample data', () => {
  it('is what its seed gives', () => {
    expect(generateSamples(samples.seed)).toEqual({ train, validation });
    expect(generateSamples(samples.seed + 1).train).not.toEqual(train);
    expect([train.length, validation.length]).toEqual([samples.train, samples.validation]);
  });

  it('has no sentence twice, in one part or in both, up to case and punctuation', () => {
    const keys = [...train, ...validation].map(({ prompt }) => sentenceKey(prompt));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('does not hold back a sentence whose bare form is trained on', () => {
    const bare = new Set(train.map(({ prompt }) => sentenceKey(prompt)));
    const polite =
      /^(please|can you|could you please|could you|would you be so kind and|would you|hey|ok|i would like you to|quickly|be a dear and|go ahead and) | (please|thanks|for me|now|right away|will you|quick)$/;
    const stripped = validation
      .map(({ prompt }) => sentenceKey(prompt))
      .filter((key) => polite.test(key))
      .map((key) => key.replace(polite, ''));
    expect(stripped.length).toBeGreaterThan(40);
    expect(stripped.filter((key) => bare.has(key))).toEqual([]);
  });

  it('asks for every action in both parts, or nearly', () => {
    expect(actions(train).size).toBe(34);
    expect(actions(validation).size).toBeGreaterThan(28);
  });

  it('has short sentences and compact answers whose words are in the sentence', () => {
    for (const { prompt, completion } of [...train, ...validation]) {
      const words = prompt.split(' ').length;
      expect(words, prompt).toBeGreaterThan(1);
      expect(words, prompt).toBeLessThan(18);
      const { action, ...rest } = answer.parse(JSON.parse(completion));
      expect(JSON.stringify({ action, ...rest })).toBe(completion);
      for (const value of Object.values(rest)) {
        const said = String(value).replaceAll('_', ' ');
        if (said === 'all' || /\b(half|one minute)\b/.test(prompt.toLowerCase())) continue;
        expect(prompt.toLowerCase()).toContain(said);
      }
    }
  });
});

describe('the grammar', () => {
  it('chooses, leaves out and fills in', () => {
    const random = createRandom(2);
    const drawn = new Set<string>();
    for (let i = 0; i < 60; i++) drawn.add(expand('(a|b) [c] d', random).text);
    expect([...drawn].sort()).toEqual(['a c d', 'a d', 'b c d', 'b d']);
    const { text, words } = expand('in the {room}', random);
    expect(text).toBe(`in the ${words.get('room')?.said ?? ''}`);
    expect(() => expand('{nonsense}', random)).toThrow(/nonsense/);
  });
});
