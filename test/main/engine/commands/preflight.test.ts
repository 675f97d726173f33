/** What a look at a data file warns of before a run: repeats, examples on both sides, answers without an end; and what the model sees. */
import { describe, expect, it } from 'vitest';
import { encodeExamples } from '../../../../src/main/engine/batch/encode.ts';
import { answers } from '../../../../src/main/engine/commands/inspect-answers.ts';
import { inspectData } from '../../../../src/main/engine/commands/inspect-data.ts';
import { overlapOf } from '../../../../src/main/engine/commands/same-lines.ts';
import { endsOf, shownSequence } from '../../../../src/main/engine/commands/shown-sequence.ts';
import { splitExamples } from '../../../../src/main/engine/dataset/split.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { dataFile, jsonl } from '../dataset/data-file.ts';
import { tinyTokenizer } from '../tokenizer/fixtures.ts';

const pair = (n: number) => ({ prompt: `say ${n}`, completion: `${n} is said` });

function look(path: string, validation: TrainingConfig['validation'], seed = 0) {
  const held = { validation, seed };
  const tokenizer = tinyTokenizer();
  return inspectData({ path, columns: [] }, answers, { tokenizer, longest: 128, held });
}

describe('examples that say the same', () => {
  it('are counted with the line that they repeat, whatever keys say it', async () => {
    const path = dataFile(
      jsonl(pair(1), pair(2), pair(1), { instruction: 'say 2', output: '2 is said' }, pair(1)),
    );
    const { repeats } = await look(path, { kind: 'none' });
    const first = [
      { line: 3, of: 1 },
      { line: 4, of: 2 },
      { line: 5, of: 1 },
    ];
    expect(repeats).toEqual({ examples: 3, first });
  });

  it('in a file of their own are held against what is learnt from; a file that is no data is said elsewhere', async () => {
    const path = dataFile(jsonl(pair(1), pair(2), pair(3)));
    const other = dataFile(jsonl(pair(4), pair(3)), 'other.jsonl');
    const { overlap } = await look(path, { kind: 'file', path: other });
    expect(overlap).toEqual({ examples: 1, held: 2, first: [{ line: 2, of: 3 }] });
    expect((await look(path, { kind: 'file', path: `${path}.gone` })).overlap).toBeNull();
    expect((await look(path, { kind: 'none' })).overlap).toBeNull();
  });

  it('on both sides of a split are those of the very split that a run makes', async () => {
    // Each is there twice: whatever is held back, unless with its double, is learnt from.
    const rows = Array.from({ length: 20 }, (_, n) => pair(n % 10));
    const examples = rows.map((row, at) => ({ line: at + 1, ...row }));
    const { train, validation } = splitExamples(examples, 0.25, 7, '');
    const learnt = new Set(train.map(({ prompt }) => prompt));
    const both = validation.filter(({ prompt }) => learnt.has(prompt)).length;
    expect(both).toBeGreaterThan(0);
    const report = await look(dataFile(jsonl(...rows)), { kind: 'split', fraction: 0.25 }, 7);
    expect(report.overlap).toMatchObject({ examples: both, held: 5 });
    // And an epoch reads the rest.
    const tokenizer = tinyTokenizer();
    const lengths = train.map((example) => {
      const { encoded } = encodeExamples([{ kind: 'completion', ...example }], tokenizer);
      return encoded.flat().reduce((sum, { tokens }) => sum + tokens.length, 0);
    });
    expect(report.tokens?.perEpoch).toBe(lengths.reduce((a, b) => a + b));
    const split = { validation: { kind: 'split', fraction: 0.5 }, seed: 0 } as const;
    const none = () => Promise.resolve([]);
    expect(await overlapOf(examples.slice(0, 1), split, none)).toBeNull();
  });
});

describe('a sequence token by token', () => {
  it('is the text that the model is given, with what is learnt and what is special', async () => {
    const { tokens } = await look(dataFile(jsonl({ prompt: 'héllo 😀', completion: 'ok 😀' })), {
      kind: 'none',
    });
    const [first] = tokens?.shown ?? [];
    const tokenizer = tinyTokenizer();
    const messages = [
      { role: 'user', content: 'héllo 😀' },
      { role: 'assistant', content: 'ok 😀' },
    ];
    const text = tokenizer.renderChat({ messages }, { addGenerationPrompt: false });
    const all = first?.pieces.map((piece) => piece.text).join('');
    expect(text.trimEnd()).toBe(all);
    const learnt = first?.pieces.filter((piece) => piece.learnt) ?? [];
    expect(learnt.map((piece) => piece.text).join('')).toBe(
      `ok 😀${tokenizer.decode([tokenizer.eosTokenId])}`,
    );
    expect(learnt.at(-1)?.special).toBe(true);
    // No letter is in pieces.
    expect(all).not.toContain('\uFFFD');
    expect(tokens?.ends).toEqual({ answers: 1, open: 0 });
  });

  it('is cut where it is long, and says by how much', () => {
    const tokenizer = tinyTokenizer();
    const tokens = Int32Array.from(tokenizer.encode('x'.repeat(1000)));
    const labels = new Int32Array(tokens.length).fill(-100);
    const { pieces, left } = shownSequence({ line: 1, tokens, labels }, tokenizer);
    expect(pieces.map(({ text }) => text).join('')).toBe('x'.repeat(400));
    expect(left).toBe(tokens.length - 400);
  });

  it('an answer that ends with no token of those at which generation stops is open', () => {
    // Two answers, of which the second ends in token 9.
    const tokens = Int32Array.from([1, 5, 6, 2, 1, 9]);
    const labels = Int32Array.from([-100, 6, 2, -100, 9, -100]);
    expect(endsOf({ tokens, labels }, [2])).toEqual({ answers: 2, open: 1 });
    expect(endsOf({ tokens, labels }, [2, 9])).toEqual({ answers: 2, open: 0 });
  });
});
