/** `evaluate --matrix`: every cell is what `evaluate` says of that adapter and that file alone; on tiny models. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluationTable, type EvaluationTable } from '../../src/shared/contract/evaluation.ts';
import { fixturePath } from '../main/engine/parity/fixtures.ts';
import { jsonOf, runHere } from './run-cli.ts';
import { unmeasured } from './short-run.ts';

let folder = '';
const at = (name: string) => join(folder, name);

function write(name: string, rows: readonly object[]): void {
  writeFileSync(at(name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-table-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const json = (...args: string[]) => jsonOf(at('home'), args);

async function said(...args: string[]): Promise<{ code: number | null; stderr: string }> {
  const { code, stderr } = await runHere(at('home'), args);
  return { code, stderr };
}

/** An adapter as a row says it. */
const whole = (name: string) => ({ path: at(name), weight: 1 });

const size = ['--sequence-length', '64', '--precision', 'float32'];

function lossesOf({ cells }: EvaluationTable): number[][] {
  return cells.map((row) => row.map(({ report }) => report.loss));
}

/** Closed gates add zeros, and products over all adapters sum in another order: some hundred roundings of 2⁻²⁴ at most. */
function expectSame(found: number, alone: number): void {
  expect(Math.abs(found / alone - 1)).toBeLessThan(300 * 2 ** -24);
}

describe('classifiers', () => {
  const model = ['--model', fixturePath('classifiers/tiny-bert/model'), ...size];
  const adapters = ['--adapter', 'lamps', '--adapter', 'doors'];
  const placed = () => adapters.map((each) => (each.startsWith('-') ? each : at(each)));
  const domains = {
    lamps: ['lamp', 'light', 'bulb'],
    doors: ['door', 'gate', 'lid'],
  };

  beforeAll(async () => {
    for (const [name, things] of Object.entries(domains)) {
      const rows = things.flatMap((thing) => [
        { text: `turn on the ${thing}`, label: 'on' },
        { text: `turn the ${thing} off`, label: 'off' },
        { text: `is the ${thing} there?`, label: 'unclear' },
      ]);
      write(`${name}.jsonl`, rows);
      write(`${name}-held-out.jsonl`, rows.slice(0, 4));
      await json(
        ...['train', '--task', 'sequence-classification', ...model, '--output', at(name)],
        ...['--data', at(`${name}.jsonl`), '--validation', at(`${name}-held-out.jsonl`)],
        ...['--learning-rate', '0.02', '--epochs', '10', '--target-modules', 'query,value'],
        ...(name === 'doors' ? ['--rank', '3', '--dora'] : ['--rank', '8']),
      );
    }
  });

  test('each cell is the adapter alone, on its own data and on the other', async () => {
    const files = ['lamps.jsonl', 'doors.jsonl', 'doors-held-out.jsonl'];
    const data = files.flatMap((name) => ['--data', at(name)]);
    const [line] = await json('evaluate', '--matrix', ...model, ...placed(), ...data);
    const table = evaluationTable.parse(line);
    // The model of the fixture has a head of its own for the same classes.
    expect(table.rows).toEqual([null, whole('lamps'), whole('doors')]);
    expect(table.columns).toEqual(files.map(at));
    expect(table.cells.map((row) => row.map(({ own }) => own))).toEqual([
      [null, null, null],
      ['trained', null, null],
      [null, 'trained', 'validated'],
    ]);
    for (const [row, adapter] of table.rows.entries()) {
      for (const [column, path] of table.columns.slice(0, 2).entries()) {
        const given = adapter === null ? [] : ['--adapter', adapter.path];
        const [alone] = await json('evaluate', ...model, ...given, '--data', path);
        const report = table.cells[row]?.[column]?.report;
        if (report?.task !== 'sequence-classification') throw new Error('another task');
        const { loss, ...figures } = { loss: NaN, ...(alone as object) };
        expectSame(report.loss, loss);
        expect(report.report).toEqual(figures);
      }
    }
    expect(new Set(lossesOf(table).flat()).size).toBe(9);
  });

  test('a person reads a table for each figure, its best cells and what they were trained on', async () => {
    const data = ['lamps.jsonl', 'doors.jsonl'].flatMap((name) => ['--data', at(name)]);
    const asked = ['evaluate', '--matrix', '--no-base', ...model, ...placed(), ...data];
    const { stdout, stderr } = await runHere(at('home'), asked);
    expect(stdout).toMatch(/^Accuracy, higher is better\n\s+lamps\.jsonl +doors\.jsonl\nlamps +/);
    expect(stdout).toMatch(/\nLoss, lower is better\n.*\nlamps +[\d.e-]+ \*t +[\d.e-]+\ndoors +/);
    expect(stdout).toContain('lamps.jsonl  9 examples');
    expect(stdout).toContain('*  best of its column\nt  the adapter learnt from this very file');
    expect(stdout).not.toContain('base alone');
    expect(stderr).toMatch(/Scoring blocks \d+\/\d+/);
  });

  test('a label that the adapters do not know is refused by its line, before anything is computed', async () => {
    write('other.jsonl', [{ text: 'turn on the lamp', label: 'perhaps' }]);
    const data = ['--data', at('lamps.jsonl'), '--data', at('other.jsonl')];
    const { code, stderr } = await said('evaluate', '--matrix', ...model, ...placed(), ...data);
    expect(code).toBe(1);
    expect(stderr).toContain('line 1: its label "perhaps" is none that is known: off, on, unclear');
    expect(stderr).toContain(at('other.jsonl'));
    expect(stderr).not.toContain('Reading weights');
  });

  test('adapters for other classes are refused by name', async () => {
    const rows = [
      { text: 'up', label: 'up' },
      { text: 'down', label: 'down' },
    ];
    write('lifts.jsonl', rows);
    await json(
      ...['train', '--task', 'sequence-classification', ...model, '--output', at('lifts')],
      ...['--data', at('lifts.jsonl'), '--max-steps', '1', '--target-modules', 'query'],
    );
    const data = ['--data', at('lamps.jsonl'), '--data', at('lifts.jsonl')];
    const both = [...placed(), '--adapter', at('lifts')];
    const { code, stderr } = await said('evaluate', '--matrix', ...model, ...both, ...data);
    expect(code).toBe(1);
    expect(stderr).toContain('code:  adapter/labels-differ');
    expect(stderr).toContain(at('lifts'));
  });
});

describe('adapters that answer', () => {
  const model = ['--model', fixturePath('models/tiny-tied'), ...size];

  beforeAll(async () => {
    for (const [name, word] of [
      ['even', 'two'],
      ['odd', 'one'],
    ] as const) {
      const rows = Array.from({ length: 12 }, (_, n) => ({
        prompt: `say ${n}`,
        completion: word,
      }));
      write(`${name}.jsonl`, rows);
      await json(
        ...['train', ...model, '--data', at(`${name}.jsonl`), '--output', at(name), ...unmeasured],
        ...['--learning-rate', '0.02', '--epochs', '12', '--rank', '4'],
      );
    }
  });
  const sources = () => ['--adapter', at('even'), '--adapter', at('odd')];
  const data = () => ['--data', at('even.jsonl'), '--data', at('odd.jsonl')];

  test('each is right about what it learnt and wrong about the other, the base about both', async () => {
    const asked = ['evaluate', '--matrix', ...model, ...sources(), ...data()];
    const table = evaluationTable.parse((await json(...asked, '--answers', '5'))[0]);
    expect(table.rows).toEqual([null, whole('even'), whole('odd')]);
    const matches = table.cells.map((row) =>
      row.map(({ report }) => report.task === 'causal-lm' && [report.exactMatch, report.answers]),
    );
    expect(matches).toEqual([
      [
        [0, 5],
        [0, 5],
      ],
      [
        [1, 5],
        [0, 5],
      ],
      [
        [0, 5],
        [1, 5],
      ],
    ]);
    for (const [row, adapter] of table.rows.entries()) {
      const given = adapter === null ? [] : ['--adapter', adapter.path];
      const [alone] = await json('evaluate', ...model, ...given, '--data', at('odd.jsonl'));
      const { loss } = { loss: NaN, ...(alone as object) };
      expectSame(lossesOf(table)[row]?.[1] ?? NaN, loss);
    }
  });

  test('an adapter counts with its weight', async () => {
    const half = ['--adapter', `${at('even')}=0.5`];
    const [line] = await json(
      'evaluate',
      '--matrix',
      ...model,
      ...half,
      ...data(),
      '--answers',
      '0',
    );
    const [[, found = NaN] = []] = lossesOf(evaluationTable.parse(line)).slice(1);
    const [alone] = await json('evaluate', ...model, ...half, '--data', at('odd.jsonl'));
    const { loss } = { loss: NaN, ...(alone as object) };
    expectSame(found, loss);
  });

  test('an adapter for another task is refused by name', async () => {
    write('moods.jsonl', [
      { text: 'what a day', label: 'glad' },
      { text: 'what a night', label: 'sad' },
    ]);
    await json(
      ...['train', '--task', 'sequence-classification', ...model, '--output', at('moods')],
      ...['--data', at('moods.jsonl'), '--max-steps', '1', '--target-modules', 'q_proj'],
    );
    const mixed = [...sources(), '--adapter', at('moods')];
    const { code, stderr } = await said('evaluate', '--matrix', ...model, ...mixed, ...data());
    expect(code).toBe(1);
    expect(stderr).toContain('code:  adapter/other-task');
    expect(stderr).toContain(at('even'));
  });
});
