/** Columns under other names than a run reads, over whole files. */
import { describe, expect, it } from 'vitest';
import type { Columns } from '../../../../src/shared/settings/columns.ts';
import { dataFile, jsonl, loadExamples, readExamples } from './data-file.ts';

const asked: Columns = [
  { name: 'question', as: 'prompt' },
  { name: 'answer', as: 'completion' },
];
const row = { question: 'a', answer: 'b' };
const example = { kind: 'completion', prompt: 'a', completion: 'b' };

describe('a mapping', () => {
  it.each([
    ['data.jsonl', jsonl(row)],
    ['data.json', JSON.stringify([row])],
    ['data.csv', 'question,answer\na,b\n'],
    ['data.tsv', 'question\tanswer\na\tb\n'],
  ])('is honoured in %s', async (name, content) => {
    expect((await loadExamples(dataFile(content, name), asked)).examples).toMatchObject([example]);
  });

  it('may exchange two columns, and leave others out', async () => {
    const path = dataFile(jsonl({ prompt: 'b', completion: 'a', rejected: 'c', context: 'd' }));
    const { examples, unusedKeys } = await loadExamples(path, [
      { name: 'prompt', as: 'completion' },
      { name: 'completion', as: 'prompt' },
      { name: 'rejected', as: 'unused' },
      { name: 'context', as: 'unused' },
    ]);
    expect(examples).toEqual([{ line: 1, ...example }]);
    expect(unusedKeys.size).toBe(0);
  });

  it('onto a name that is there says so, and misses no column', async () => {
    const path = dataFile(jsonl({ prompt: 'a', completion: 'b' }));
    await expect(loadExamples(path, [{ name: 'completion', as: 'prompt' }])).rejects.toMatchObject({
      code: 'dataset/bad-lines',
      message: expect.stringMatching(
        /"prompt" is there twice, as the column "completion"/,
      ) as unknown,
    });
  });

  it('leaves the rules for other columns as they are', async () => {
    const path = dataFile(jsonl({ ...row, system: 's', mood: 1 }, { ...row, context: 'c' }));
    expect(await readExamples(path, asked)).toMatchObject({
      examples: [{ line: 1, ...example, system: 's' }],
      badLines: [
        { line: 2, reason: expect.stringMatching(/"context" beside "prompt"/) as unknown },
      ],
      unusedKeys: new Map([['mood', 1]]),
    });
  });

  it('is refused in a row that has the key under its own name as well', async () => {
    const path = dataFile(jsonl({ ...row, prompt: 'c' }, { ...row, prompt: null }));
    expect(await readExamples(path, asked)).toMatchObject({
      examples: [{ line: 2 }],
      badLines: [
        {
          line: 1,
          reason: expect.stringMatching(
            /^"prompt" is there twice, as the column "question" and under its own name/,
          ) as unknown,
        },
      ],
    });
  });

  it('is refused where no row has the column, and told where one has not', async () => {
    const path = dataFile(jsonl(row, { question: 'c' }));
    expect(await readExamples(path, asked)).toMatchObject({
      missing: [],
      badLines: [
        {
          line: 2,
          reason: '"completion" is missing; it has no column "answer", mapped to "completion"',
        },
      ],
    });
    const system: Columns = [...asked, { name: 'sistem', as: 'system' }];
    await expect(loadExamples(dataFile('question,answer\na,b\n', 'a.csv'), system)).rejects.toThrow(
      /has no column "sistem", which is mapped; it has "question"; "answer"/,
    );
    // A column that only some rows have is a key that they leave out.
    const some = dataFile(jsonl(row, { ...row, sistem: 's' }));
    expect((await loadExamples(some, system)).examples).toMatchObject([example, { system: 's' }]);
  });
});

it('columns are told with their first value, also of a file that is not understood', async () => {
  const long = 'x'.repeat(200);
  const path = dataFile(jsonl(...Array.from({ length: 1500 }, () => ({ q: '', a: [1], t: long }))));
  const data = await readExamples(path);
  expect(data).toMatchObject({
    gaveUp: true,
    columns: [
      { name: 'q', sample: '' },
      { name: 'a', sample: '[1]' },
      { name: 't', sample: `${'x'.repeat(80)}…` },
    ],
  });
  expect(data.badLines).toHaveLength(1000);
});
