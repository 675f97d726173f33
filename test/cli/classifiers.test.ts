/** Classifiers on the command line: trained, evaluated, asked and merged, on a tiny BERT. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { mergeReport } from '../../src/shared/contract/merge-report.ts';
import { taskReport, validationPoint } from '../../src/shared/contract/run-points.ts';
import { writeBareBert } from '../main/engine/checkpoint/bare-bert.ts';
import { fixturePath } from '../main/engine/parity/fixtures.ts';
import { jsonOf, runHere } from './run-cli.ts';

const model = fixturePath('classifiers/tiny-bert/model');
const rows = [
  ['turn on the light', 'on'],
  ['turn the light off', 'off'],
  ['is it on?', 'unclear'],
].flatMap(([text, label]) =>
  ['kitchen', 'bedroom', 'hall'].map((room) => ({ text: `${text} in the ${room}`, label })),
);

let folder = '';
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-classify-'));
  writeFileSync(at('data.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const json = (...args: string[]) => jsonOf(at('home'), args);

const classification = z.object({
  labels: z.array(z.string()),
  scores: z.array(z.object({ label: z.string(), score: z.number(), logit: z.number() })),
});

test('a classifier is trained, evaluated, asked and merged', async () => {
  const task = ['--task', 'sequence-classification', '--sequence-length', '64'];
  const much = ['--learning-rate', '0.02', '--epochs', '30', '--target-modules', 'query,value'];
  const lines = await json(
    ...['train', '--model', model, '--data', at('data.jsonl'), '--output', at('adapter')],
    ...['--validation', at('data.jsonl'), ...task, ...much],
  );
  const points = lines.flatMap(
    (line) => z.object({ validation: validationPoint }).safeParse(line).data?.validation ?? [],
  );
  expect(points.at(-1)?.report?.figures['accuracy']).toBe(1);
  expect(points.at(-1)?.report?.classes.map(({ label }) => label)).toEqual([
    'off',
    'on',
    'unclear',
  ]);

  const source = ['--model', model, '--adapter', at('adapter')];
  const data = ['--data', at('data.jsonl'), '--sequence-length', '64'];
  const [evaluated] = await json('evaluate', ...source, ...data);
  expect(taskReport.parse(evaluated)).toMatchObject({ examples: 9, figures: { accuracy: 1 } });

  // Where a processor computes in bfloat16, merged and apart are rounded in other places.
  const ask = ['--text', 'turn the light off in the hall', '--precision', 'float32'];
  const [told] = await json('classify', ...source, ...ask);
  const { labels, scores } = classification.parse(told);
  expect(labels).toEqual(['off']);
  expect(scores.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 6);

  const merged = ['--output', at('merged'), '--dtype', 'float32'];
  const [report] = await json('merge', ...source, ...merged);
  expect(mergeReport.parse(report)).toMatchObject({ passed: true, failures: [], perplexity: null });
  const config: unknown = JSON.parse(readFileSync(at('merged/config.json'), 'utf8'));
  expect(config).toMatchObject({
    architectures: ['BertForSequenceClassification'],
    problem_type: 'single_label_classification',
    id2label: { 0: 'off', 1: 'on', 2: 'unclear' },
  });
  const [again] = await json('classify', '--model', at('merged'), ...ask);
  const logits = classification.parse(again).scores.map(({ logit }) => logit);
  scores.forEach(({ logit }, i) => {
    // Two float32 sums over the same products in another order.
    expect(logits[i]).toBeCloseTo(logit, 4);
  });
});

test('a label that the adapter does not know is refused by line', async () => {
  const lines = [
    { text: 'turn on', label: 'on' },
    { text: 'what', label: 'maybe' },
  ];
  writeFileSync(at('other.jsonl'), lines.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const { code, stderr } = await runHere(at('home'), [
    ...['evaluate', '--model', model, '--data', at('other.jsonl'), '--sequence-length', '64'],
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain('line 2: its label "maybe" is none that is known: off, on, unclear');
});

test('commands about answers refuse an encoder by name', async () => {
  const { code, stderr } = await runHere(at('home'), [
    'generate',
    '--model',
    model,
    '--prompt',
    'a',
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain('task/no-next-token');
});

test('an encoder that is trained without a task is told the one that it can learn', async () => {
  const { code, stderr } = await runHere(at('home'), [
    ...['train', '--model', model, '--data', at('data.jsonl'), '--output', at('answers')],
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/The model classifies texts[^]*next: .*--task sequence-classification/);
});

test('answers that a classifier is asked for are said to be none', async () => {
  const { code, stderr } = await runHere(at('home'), [
    ...['evaluate', '--model', model, '--data', at('data.jsonl'), '--sequence-length', '64'],
    '--generate',
  ]);
  expect(code).toBe(0);
  expect(stderr).toContain('writes no answers, so --generate counts none');
});

test('a pooler that the model lacks is trained, saved and merged with the head', async () => {
  const bare = at('bare');
  mkdirSync(bare);
  await writeBareBert(bare, (name) => (name.startsWith('bert.pooler.') ? null : name));
  const much = ['--learning-rate', '0.02', '--epochs', '30', '--sequence-length', '64'];
  await json(
    ...['train', '--model', bare, '--data', at('data.jsonl'), '--output', at('pooled')],
    ...['--task', 'sequence-classification', ...much],
  );
  const config: unknown = JSON.parse(readFileSync(at('pooled/adapter_config.json'), 'utf8'));
  expect(config).toMatchObject({ modules_to_save: ['pooler', 'classifier'] });
  const source = ['--model', bare, '--adapter', at('pooled')];
  const whole = at('pooled-merged');
  const [report] = await json('merge', ...source, '--output', whole, '--dtype', 'float32');
  expect(mergeReport.parse(report)).toMatchObject({ passed: true, failures: [] });
  // Where a processor computes in bfloat16, merged and apart are rounded in other places.
  const ask = ['--text', 'turn the light off in the hall', '--precision', 'float32'];
  const [told] = await json('classify', ...source, ...ask);
  const [again] = await json('classify', '--model', whole, ...ask);
  const logits = (line: unknown) => classification.parse(line).scores.map(({ logit }) => logit);
  expect(classification.parse(told).labels).toEqual(['off']);
  // Merged in float32: what differs is the order of sums.
  logits(again).forEach((logit, i) => {
    expect(logit).toBeCloseTo(logits(told)[i] ?? NaN, 4);
  });
});
