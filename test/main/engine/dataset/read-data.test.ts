/** Good files in every format, and every kind of bad line and bad file. */
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tellUnusedKeys } from '../../../../src/main/engine/dataset/read-data.ts';
import { maximumLineBytes } from '../../../../src/main/engine/dataset/rows/text-pieces.ts';
import { dataFile, jsonl, loadExamples, readExamples } from './data-file.ts';

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
    expect(await readExamples(path)).toMatchObject({
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
      unusedKeys: new Map(),
    });
  });
});

describe('what stands beside an example', () => {
  const ask = { role: 'user', content: 'u' };
  const answer = { role: 'assistant', content: 'a' };
  const tool = { type: 'function', function: { name: 'lamp' } };

  async function only(line: unknown): Promise<unknown> {
    const { examples, badLines, unusedKeys } = await readExamples(dataFile(jsonl(line)));
    expect({ badLines, unused: [...unusedKeys] }).toEqual({ badLines: [], unused: [] });
    return examples[0];
  }

  it('is told where it may be meant, and not where it says whence the line is', async () => {
    const path = dataFile(jsonl({ id: 7, source: 'web', title: 'Birds', score: 1, ...pair }));
    const { unusedKeys } = await readExamples(path);
    expect([...unusedKeys.keys()]).toEqual(['title', 'score']);
  });

  it('is honoured: a system prompt and tools', async () => {
    const chat = { line: 1, kind: 'chat', messages: [ask, answer] };
    expect(await only({ system: 'S', ...pair })).toEqual({ line: 1, ...example, system: 'S' });
    expect(await only({ system: 'S', instruction: 'a', output: 'b' })).toMatchObject({
      system: 'S',
    });
    expect(await only({ system: 'S', messages: [ask, answer] })).toEqual({
      ...chat,
      messages: [{ role: 'system', content: 'S' }, ask, answer],
    });
    expect(await only({ tools: [tool], messages: [ask, answer] })).toEqual({
      ...chat,
      tools: [tool],
    });
    expect(await only({ tools: JSON.stringify([tool]), ...pair })).toMatchObject({
      tools: [tool],
    });
    expect(await only({ tools: [], messages: [ask, answer] })).toEqual(chat);
  });

  it('is honoured: answers that are context only, and further keys of messages', async () => {
    const messages = [
      { ...ask, name: 'Ann', weight: null, tool_calls: [] },
      { ...answer, weight: 0 },
      { ...answer, train: false, id: 7 },
      { ...answer, weight: 1, train: true, reasoning_content: 'r' },
    ];
    expect(await only({ messages })).toMatchObject({
      messages: [
        { ...ask, further: { name: 'Ann' } },
        { ...answer, context: true },
        { ...answer, context: true },
        { ...answer, further: { reasoning_content: 'r' } },
      ],
    });
  });

  it.each([
    { ...pair, id: 1, source: 'x', meta: { by: 'me' } },
    { ...pair, messages: null, text: '', history: [], images: [], weight: 1, train: true },
  ])('may be harmless, or say nothing: %j', async (line) => {
    expect(await only(line)).toEqual({ line: 1, ...example });
  });

  it('is told where nobody knows it, each key once', async () => {
    const path = dataFile(
      jsonl(pair, { ...pair, colour: 'red' }, { ...pair, colour: 'blue', mood: 1 }),
    );
    const data = await loadExamples(path);
    expect(data.examples).toHaveLength(3);
    expect(tellUnusedKeys(data, path)).toEqual([
      'These keys of data.jsonl are not known and are not used: "colour" (line 2); "mood" (line 3).',
    ]);
    expect(tellUnusedKeys(await loadExamples(dataFile(jsonl(pair))), path)).toEqual([]);
  });

  it.each([
    [{ text: 'a', history: [['a', 'b']] }, /"history" beside "text" is not supported/],
    [{ ...pair, images: ['a.png'] }, /"images" beside "prompt"/],
    [{ ...pair, input: 'more' }, /"input" beside "prompt"/],
    [{ ...pair, text: 'other' }, /"text" beside "prompt"/],
    [{ ...pair, functions: [tool] }, /"functions" beside "prompt"/],
    [{ ...pair, weight: 0 }, /asks with "weight" or "train" not to be learnt/],
    [{ ...pair, train: false }, /asks with "weight" or "train" not to be learnt/],
    [{ ...pair, weight: 0.5 }, /"weight" of the line is 0.5; it can be 0 or 1/],
    [{ ...pair, rejected: 'c' }, /"rejected" beside "prompt"/],
    [{ ...pair, system: ['S'] }, /"system" is a list, not text/],
    [{ ...pair, tools: 'lamp' }, /"tools" is text, not a list/],
    [{ ...pair, tools: ['lamp'] }, /"tools" is not a list of objects/],
    [{ text: 'a', system: 'S' }, /"system" beside "text"/],
    [{ messages: [ask, answer], prompt: 'p' }, /"prompt" beside "messages" is not supported; put/],
    [
      { system: 'S', messages: [{ role: 'system', content: 'T' }, ask, answer] },
      /a system prompt twice/,
    ],
    [{ messages: [ask, { ...answer, weight: 0 }] }, /"weight" or "train" excludes every answer/],
    [{ messages: [ask, { ...answer, weight: 0.5 }] }, /"weight" of message 2 is 0.5; it can be 0/],
    [{ messages: [ask, { ...answer, train: 'no' }] }, /"train" of message 2 is text, not true or/],
    [{ messages: [ask, { ...answer, weight: 0, train: true }] }, /message 2 contradict each other/],
    [
      { messages: [ask, { ...answer, weight: 1, train: false }] },
      /message 2 contradict each other/,
    ],
    [{ messages: [{ ...ask, weight: 1 }, answer] }, /message 1 asks with "weight" to be learnt/],
    [
      { messages: [ask, { ...answer, function_call: { name: 'lamp' } }] },
      /message 2 has "function_call", which is not supported/,
    ],
  ])('is refused where it would change what is learnt: %j', async (line, reason) => {
    const { badLines } = await readExamples(dataFile(jsonl(line)));
    expect(badLines).toEqual([{ line: 1, reason: expect.stringMatching(reason) as unknown }]);
  });
});

describe('a line that is nearly JSON', () => {
  const line = JSON.stringify(pair);
  it.each([
    [`${line},`, /a comma follows after the end of the object, at character 32/],
    [`${line}${line}`, /"\{"prompt":"a.*" follows after the end of the object, at character 32/],
    [`\uFEFF${line}`, /begins with a byte order mark, U\+FEFF/],
    ['{"prompt":"a","n":NaN}', /NaN at character 19 is no value of JSON/],
    ['{"prompt":"a","n": -Infinity}', /-Infinity at character 20 is no value of JSON/],
    ['{"prompt":"a","n":None}', /None at character 19 is no value of JSON/],
    ['{"prompt":"a","n":[True]}', /True at character 20 is no value of JSON/],
    ["{'prompt':'a'}", /double quotes, not in single ones, as at character 2/],
    ['{"prompt":"a",}', /expected double-quoted property name, at character 15/],
    ['{"prompt":"a', /the line ends before the object does/],
    ['{"prompt":', /the line ends before the object does/],
    ['{"prompt":"a","completion":"b","prompt":"c"}', /it has the key "prompt" twice/],
    ['{', /the line ends before the object does/],
    ['{"prompt":"a\tb"}', /bad control character in string literal, at character 13/],
  ])('is named with what is wrong and where: %s', async (bad, reason) => {
    const { badLines } = await readExamples(dataFile(`${jsonl(pair)}${bad}\n`));
    expect(badLines).toEqual([{ line: 2, reason: expect.stringMatching(reason) as unknown }]);
  });

  it('keeps its words where nothing better can be said', async () => {
    const { badLines } = await readExamples(dataFile("I'm no JSON\n"));
    expect(badLines[0]?.reason).toBe("it is not JSON: I'm no JSON");
  });

  it('has no NaN where a text has one', async () => {
    const { badLines } = await readExamples(dataFile('{"prompt":"a, None","completion":"b"},'));
    expect(badLines[0]?.reason).toMatch(/a comma follows/);
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
    expect(await readExamples(dataFile(content))).toMatchObject({
      examples: [{ line: 1, ...example }],
      badLines: [],
    });
  });

  it('counts blank lines, and does not end a line at other separators', async () => {
    const odd = { prompt: 'a\u2028b\u0085c', completion: 'b' };
    expect((await readExamples(dataFile(`\n\n${JSON.stringify(odd)}\n`))).examples).toEqual([
      { line: 3, kind: 'completion', ...odd },
    ]);
  });

  it('holds for characters that are cut between two reads', async () => {
    const long = { prompt: 'ä€😀'.repeat(40_000), completion: 'b' };
    const path = dataFile(jsonl(long, pair));
    expect((await readExamples(path)).examples).toEqual([
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
      /a call in "tool_calls" of message 2 has no "name"/,
    ],
  ])('are named with the reason: %s', async (line, reason) => {
    const { examples, badLines } = await readExamples(
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
    expect(await readExamples(path)).toMatchObject({
      examples: [{ line: 2 }],
      badLines: [{ line: 1, reason: 'it is not UTF-8 text' }],
    });
  });

  it('may be far too long, and are passed over', async () => {
    const path = dataFile(`${'x'.repeat(maximumLineBytes + 1)}\n${jsonl(pair)}`);
    expect(await readExamples(path)).toMatchObject({
      examples: [{ line: 2 }],
      badLines: [{ line: 1, reason: 'it is longer than 16 MiB' }],
    });
  });

  it('stop a load that needs them all, the first twenty by number', async () => {
    const path = dataFile(jsonl(pair) + 'oops\n'.repeat(25));
    const failure = expect(loadExamples(path)).rejects;
    await failure.toThrow(
      /25 lines of the data file cannot be used:\nline 2: it is not JSON: oops/,
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
    await expect(readExamples(`${path}.other`)).rejects.toMatchObject({
      code: 'dataset/not-found',
    });
    await expect(readExamples(join(path, 'below'))).rejects.toMatchObject({
      code: 'dataset/not-found',
    });
    await expect(readExamples(dirname(path))).rejects.toMatchObject({
      code: 'dataset/not-readable',
    });
  });

  it('are refused: binary data and UTF-16', async () => {
    const binary = Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(100)]);
    await expect(readExamples(dataFile(binary))).rejects.toMatchObject({
      code: 'dataset/wrong-format',
    });
    const wide = Buffer.from(`\uFEFF${jsonl(pair)}`, 'utf16le');
    await expect(readExamples(dataFile(wide))).rejects.toThrow(/not in UTF-8/);
  });

  it('are refused: text of another kind, without reading on', async () => {
    await expect(loadExamples(dataFile('neither name nor value\n'.repeat(5000)))).rejects.toThrow(
      /None of the first 1000 lines of the .* used \(line 1: it is not JSON: neither name nor value/,
    );
    const late = dataFile(jsonl(pair) + 'oops\n'.repeat(1200));
    expect((await readExamples(late)).badLines).toHaveLength(1200);
  });

  it.each([
    'prompt,completion\nhello,bonjour\n',
    '"prompt";"the answer"\n"a";"b"\n',
    'a\tb\n1\t2\n',
  ])('are refused: CSV, by name: %j', async (content) => {
    await expect(readExamples(dataFile(content))).rejects.toThrow(
      /it looks like CSV, for its first/,
    );
  });
});
