/** Good files in every format, and every kind of bad line and bad file. */
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadExamples, readJsonl } from '../../../../src/main/engine/dataset/jsonl.ts';
import { maximumLineBytes } from '../../../../src/main/engine/dataset/lines.ts';
import { dataFile, jsonl } from './data-file.ts';

const pair = { prompt: 'a', completion: 'b' };
const example = { kind: 'completion', ...pair };

describe('the four formats', () => {
  it('are read, also mixed in one file', async () => {
    const messages = [
      { role: 'system', content: 's' },
      { role: 'user', content: 'u' },
      { role: 'assistant', content: 'a' },
    ];
    const path = dataFile(
      jsonl(
        { messages, source: 'elsewhere' },
        pair,
        { instruction: 'do', input: '', output: 'done' },
        { instruction: 'do', input: 'with this', output: 'done' },
        { instruction: 'do', input: null, output: 'done', system: '', history: [] },
        { text: 'running text' },
      ),
    );
    expect(await readJsonl(path)).toEqual({
      examples: [
        { line: 1, kind: 'chat', messages },
        { line: 2, ...example },
        { line: 3, kind: 'completion', prompt: 'do', completion: 'done' },
        { line: 4, kind: 'completion', prompt: 'do\n\nwith this', completion: 'done' },
        { line: 5, kind: 'completion', prompt: 'do', completion: 'done' },
        { line: 6, kind: 'text', text: 'running text' },
      ],
      badLines: [],
      formats: ['messages', 'prompt/completion', 'instruction/input/output', 'text'],
    });
  });
});

describe('how lines end', () => {
  const line = JSON.stringify(pair);
  it.each([
    ['no line break at the end', line],
    ['CRLF', `${line}\r\n`],
    ['a byte order mark', `\uFEFF${line}\n`],
    ['a byte order mark and CRLF', `\uFEFF${line}\r\n`],
    ['blank lines behind', `${line}\n\n  \r\n\n`],
  ])('does not matter: %s', async (_, content) => {
    expect(await readJsonl(dataFile(content))).toMatchObject({
      examples: [{ line: 1, ...example }],
      badLines: [],
    });
  });

  it('counts blank lines, and does not end a line at other separators', async () => {
    const odd = { prompt: 'a\u2028b\u0085c', completion: 'b' };
    expect((await readJsonl(dataFile(`\n\n${JSON.stringify(odd)}\n`))).examples).toEqual([
      { line: 3, kind: 'completion', ...odd },
    ]);
  });

  it('holds for characters that are cut between two reads', async () => {
    const long = { prompt: 'ä€😀'.repeat(40_000), completion: 'b' };
    const path = dataFile(jsonl(long, pair));
    expect((await readJsonl(path)).examples).toEqual([
      { line: 1, kind: 'completion', ...long },
      { line: 2, ...example },
    ]);
  });
});

describe('bad lines', () => {
  it.each([
    ['{"prompt": "a", ', /not JSON: \{"prompt": "a", /],
    ['plain words', /not JSON: plain words/],
    ['"text"', /it is text, where an object/],
    ['12', /it is a number/],
    ['null', /it is null/],
    ['{}', /it has no keys/],
    ['{"question":"a","answer":"b"}', /it has only "question", "answer"; expected are "messages"/],
    ['{"prompt":"a"}', /"completion" is missing/],
    ['{"completion":"a"}', /"prompt" is missing/],
    ['{"prompt":"a","completion":7}', /"completion" is a number, not text/],
    ['{"prompt":["a"],"completion":"b"}', /"prompt" is a list, not text/],
    ['{"prompt":"a","completion":" \\n"}', /the answer \("completion"\) is empty/],
    ['{"instruction":"a"}', /"output" is missing/],
    ['{"instruction":"a","output":""}', /the answer \("output"\) is empty/],
    ['{"instruction":"a","input":3,"output":"b"}', /"input" is a number, not text/],
    ['{"instruction":"a","output":"b","history":[["c","d"]]}', /"history" beside "instruction"/],
    ['{"text":""}', /"text" is empty/],
    ['{"text":null}', /"text" is null, not text/],
    ['{"messages":"hi"}', /"messages" is text, not a list/],
    ['{"messages":[]}', /"messages" is empty/],
    ['{"messages":["hi"]}', /message 1 is text, not an object/],
    ['{"messages":[{"content":"a"}]}', /message 1 has no "role"/],
    ['{"messages":[{"role":"human","content":"a"}]}', /unknown role "human"; roles are system/],
    ['{"messages":[{"role":"user"}]}', /"content" of message 1 is missing, not text/],
    ['{"messages":[{"role":"user","content":"a"}]}', /no answer to learn from/],
    [
      '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":""}]}',
      /the answer in message 2 is empty/,
    ],
    [
      '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","tool_calls":[{}]}]}',
      /message 2 has "tool_calls"/,
    ],
  ])('are named with the reason: %s', async (line, reason) => {
    const { examples, badLines } = await readJsonl(
      dataFile(`${jsonl(pair)}${line}\n${jsonl(pair)}`),
    );
    expect(examples.map((each) => each.line)).toEqual([1, 3]);
    expect(badLines).toEqual([{ line: 2, reason: expect.stringMatching(reason) as unknown }]);
  });

  it('may be bytes that are not text', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"text":"'),
      Buffer.of(0xff, 0xfe),
      Buffer.from('"}\n'),
    ]);
    const path = dataFile(Buffer.concat([bytes, Buffer.from(jsonl(pair))]));
    expect(await readJsonl(path)).toMatchObject({
      examples: [{ line: 2 }],
      badLines: [{ line: 1, reason: 'it is not UTF-8 text' }],
    });
  });

  it('may be far too long, and are passed over', async () => {
    const path = dataFile(`${'x'.repeat(maximumLineBytes + 1)}\n${jsonl(pair)}`);
    expect(await readJsonl(path)).toMatchObject({
      examples: [{ line: 2 }],
      badLines: [{ line: 1, reason: 'it is longer than 16 MiB' }],
    });
  });

  it('stop a load that needs them all, the first twenty by number', async () => {
    const path = dataFile(jsonl(pair) + 'oops\n'.repeat(25));
    const failure = expect(loadExamples(path)).rejects;
    await failure.toThrow(
      /25 lines of the data file cannot be used:\nline 2: it is not JSON: oops\n/,
    );
    await failure.toThrow(/line 21: [^\n]*\nand 5 more/);
    await failure.toMatchObject({ problem: { code: 'dataset/bad-lines', where: path } });
  });
});

describe('bad files', () => {
  it.each([
    ['is empty', ''],
    ['has only blank lines', '\n \n\r\n'],
  ])('are refused: one that %s', async (_, content) => {
    await expect(loadExamples(dataFile(content))).rejects.toMatchObject({ code: 'dataset/empty' });
  });

  it('are refused: one that is not there, or is a folder', async () => {
    const path = dataFile('');
    await expect(readJsonl(`${path}.other`)).rejects.toMatchObject({ code: 'dataset/not-found' });
    await expect(readJsonl(join(path, 'below'))).rejects.toMatchObject({
      code: 'dataset/not-found',
    });
    await expect(readJsonl(dirname(path))).rejects.toMatchObject({ code: 'dataset/not-readable' });
  });

  it('are refused: binary data and UTF-16', async () => {
    const binary = Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(100)]);
    await expect(readJsonl(dataFile(binary))).rejects.toMatchObject({ code: 'dataset/not-jsonl' });
    const wide = Buffer.from(`\uFEFF${jsonl(pair)}`, 'utf16le');
    await expect(readJsonl(dataFile(wide))).rejects.toThrow(/not in UTF-8/);
  });

  it('are refused: text of another kind, without reading on', async () => {
    await expect(readJsonl(dataFile('name,value\n'.repeat(5000)))).rejects.toThrow(
      /none of its first 1000 lines can be used \(line 1: it is not JSON: name,value\)/,
    );
    const late = dataFile(jsonl(pair) + 'oops\n'.repeat(1200));
    expect((await readJsonl(late)).badLines).toHaveLength(1200);
  });

  it('are refused: one JSON list instead of lines', async () => {
    await expect(readJsonl(dataFile(JSON.stringify([pair, pair], null, 2)))).rejects.toThrow(
      /begins with a JSON list/,
    );
  });
});
