/** The report on a data file. */
import { describe, expect, it } from 'vitest';
import { answers } from '../../../../src/main/engine/commands/inspect-answers.ts';
import { inspectData } from '../../../../src/main/engine/commands/inspect-data.ts';
import { dataReport } from '../../../../src/shared/contract/data-report.ts';
import { tinyTokenizer } from '../tokenizer/fixtures.ts';
import { dataFile, jsonl } from '../dataset/data-file.ts';

const conversation = {
  messages: [
    { role: 'user', content: 'one' },
    { role: 'assistant', content: 'two' },
    { role: 'user', content: 'three' },
    { role: 'assistant', content: 'four' },
  ],
};

/** No part is held back. */
const nothing = { validation: { kind: 'none' }, seed: 0 } as const;

const asked = (line: number, prompt: string, answer: string) => ({
  line,
  given: [{ name: 'Prompt', text: prompt }],
  learnt: { name: 'Answer', text: answer },
});

describe('the report', () => {
  it('shows formats, bad lines and a preview without a model', async () => {
    const path = dataFile(
      jsonl({ prompt: 'p', completion: 'c' }, 'oops', conversation, { text: 'running' }),
    );
    const report = await inspectData({ path, columns: [] }, answers, {
      tokenizer: null,
      longest: 128,
      held: nothing,
    });
    expect(dataReport.parse(report)).toEqual({
      path,
      unit: 'line',
      columns: [
        { name: 'prompt', sample: 'p' },
        { name: 'completion', sample: 'c' },
        { name: 'messages', sample: expect.stringMatching(/^\[\{"role":"user".*…$/) as unknown },
        { name: 'text', sample: 'running' },
      ],
      formats: ['prompt/completion', 'messages', 'text'],
      examples: 3,
      badLines: [{ line: 2, reason: expect.stringContaining('it is text') as unknown }],
      preview: [
        asked(1, 'p', 'c'),
        asked(3, 'user: one\nassistant: two\nuser: three', 'four'),
        { line: 4, given: [], learnt: { name: 'Text', text: 'running' } },
      ],
      labels: null,
      notices: [],
      repeats: { examples: 0, first: [] },
      overlap: null,
      tokens: null,
    });
  });

  it('counts in the tokens of a model', async () => {
    const tokenizer = tinyTokenizer();
    const pairs = Array.from({ length: 40 }, (_, n) => ({
      prompt: 'turn on the light',
      completion: 'x'.repeat(1 + 3 * n),
    }));
    const report = await inspectData({ path: dataFile(jsonl(...pairs)), columns: [] }, answers, {
      tokenizer,
      longest: 100,
      held: nothing,
    });
    const around = tokenizer.encode(
      tokenizer.renderChat(
        { messages: [{ role: 'user', content: 'turn on the light' }] },
        { addGenerationPrompt: true },
      ),
    ).length;
    const lengths = pairs.map(({ completion }) => around + completion.length + 1);
    const { tokens } = dataReport.parse(report);
    expect(tokens).toMatchObject({
      sequences: 40,
      total: lengths.reduce((a, b) => a + b, 0),
      learnt: lengths.reduce((a, b) => a + b - around, 0),
      longest: around + 119,
      tooLong: lengths.filter((length) => length > 100).length,
      // What is left out is not read.
      perEpoch: lengths.filter((length) => length <= 100).reduce((a, b) => a + b, 0),
      ends: { answers: 40, open: 0 },
    });
    const { width, counts } = tokens?.histogram ?? { width: 0, counts: [] };
    expect(counts.length).toBeLessThanOrEqual(32);
    counts.forEach((count, bucket) => {
      const inside = lengths.filter((length) => Math.floor(length / width) === bucket);
      expect(count).toBe(inside.length);
    });
    expect(counts.reduce((a, b) => a + b, 0)).toBe(40);
  });

  it('names lines that the chat template refuses among the bad ones, in order', async () => {
    const begins = { messages: [{ role: 'assistant', content: 'I begin' }] };
    const path = dataFile(jsonl(begins, 3, conversation));
    const report = await inspectData({ path, columns: [] }, answers, {
      tokenizer: tinyTokenizer(),
      longest: 128,
      held: nothing,
    });
    expect(report.badLines.map(({ line }) => line)).toEqual([1, 2]);
    expect(report.badLines[0]?.reason).toMatch(/begins with an answer/);
    expect(report.examples).toBe(1);
  });

  it('of an empty file is empty', async () => {
    const report = await inspectData({ path: dataFile(''), columns: [] }, answers, {
      tokenizer: tinyTokenizer(),
      longest: 128,
      held: nothing,
    });
    expect(report).toMatchObject({
      examples: 0,
      formats: [],
      tokens: {
        sequences: 0,
        total: 0,
        learnt: 0,
        longest: 0,
        tooLong: 0,
        perEpoch: 0,
        histogram: { width: 1, counts: [0] },
      },
    });
  });
});
