/** Blends by the window's commands, with the real engine: measured, tried and saved as one adapter; nothing left of a draft. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blendHandlers } from '../../../src/main/features/blends.ts';
import type { Studio } from '../../../src/main/studio.ts';
import type { CommandRequest } from '../../../src/shared/contract/commands.ts';
import type { StudioEvent } from '../../../src/shared/contract/events.ts';
import { problemOf } from '../engine/checkpoint/fixtures.ts';
import { adapterPath, tinyModel } from '../engine/compose/parts.ts';
import { fixturePath } from '../engine/parity/fixtures.ts';
import { pathsIn, studioIn } from './open-studio.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-blends-'));
const paths = pathsIn(root);
const draft = join(paths.adapters, '.draft');
const events: StudioEvent[] = [];
let studio: Studio;
let handlers: ReturnType<typeof blendHandlers>;

function open(): void {
  studio = studioIn(root, (event) => events.push(event));
  handlers = blendHandlers(studio);
}

function add(name: string, model = tinyModel): number {
  return studio.store.adapters.add({
    ...{ name, path: adapterPath(name), runId: null, labels: null, model, origin: null },
    ...{ rank: 8, alpha: 16, parameters: 1, base: null, createdAt: 1 },
  });
}

let blend: CommandRequest<'blends.figures'>;
beforeAll(() => {
  open();
  const adapters = [
    { id: add('layers'), weight: 0.7 },
    { id: add('regex'), weight: 0.3 },
  ];
  const options = { rank: null, density: null, seed: null };
  blend = { adapters, kind: 'exact', ...options, otherBase: false };
});
afterAll(async () => {
  await studio.close();
  expect(existsSync(draft)).toBe(false);
  rmSync(root, { recursive: true });
});

test('figures leave a draft, which answers beside the base and every part', async () => {
  const { report } = await handlers['blends.figures'](blend);
  expect(report.adapters).toMatchObject([{ weight: 0.7 }, { weight: 0.3 }]);
  // Float32 holds 24 bits: what is written is as near as one rounding of each number.
  expect(report.relativeError).toBeLessThan(2 ** -23);
  expect(readdirSync(draft)).toContain('adapter_model.safetensors');
  const composing = () =>
    events.filter((event) => event.kind === 'blend-progress' && event.phase === 'Composing').length;
  const before = composing();
  expect(before).toBe(report.modules.length);
  const asked = { prompt: 'say 3', maxNewTokens: 6, temperature: 0 };
  const told = await handlers['blends.try']({ ...blend, ...asked });
  // The same settings are not composed again.
  expect(composing()).toBe(before);
  expect(told.parts).toHaveLength(2);
  // Each by a model that was opened for it alone; the blend's draft among them.
  const alone = async (folders: string[]) => {
    const [answer] = await studio.queries.call('generate', {
      ...{ model: tinyModel, precision: 'auto' },
      adapters: folders.map((path) => ({ path, weight: 1 })),
      prompts: [{ kind: 'chat', messages: [{ role: 'user', content: 'say 3' }] }],
      options: { maxNewTokens: 6, temperature: 0, seed: 0 },
    });
    return answer?.text;
  };
  const expected = await Promise.all(
    [[], [adapterPath('layers')], [adapterPath('regex')], [draft]].map(alone),
  );
  const texts = [told.base, ...told.parts, told.blend].map(({ text }) => text);
  expect(texts).toEqual(expected);
  // Or any of them could stand for another.
  expect(new Set(texts).size).toBeGreaterThan(1);
});

test('saved, it is an adapter of its base with its parts as its origin, each under a free name', async () => {
  const saved = await handlers['blends.save']({ ...blend, name: 'Both of them' });
  expect(saved).toMatchObject({ name: 'Both of them', runId: null, model: tinyModel });
  expect(saved.path).toBe(join(paths.adapters, 'both-of-them'));
  expect(readdirSync(saved.path)).toContain('lorikeet-origin.json');
  expect(existsSync(draft)).toBe(false);
  expect(studio.store.adapters.originOf(saved.id)).toMatchObject({
    kind: 'blend',
    parts: [
      { path: adapterPath('layers'), weight: 0.7 },
      { path: adapterPath('regex'), weight: 0.3 },
    ],
  });
  expect(events.at(-1)).toEqual({ kind: 'library-changed' });
  const again = await handlers['blends.save']({
    ...blend,
    kind: 'svd',
    rank: 2,
    name: 'Both of them',
  });
  expect(again.path).toBe(join(paths.adapters, 'both-of-them-2'));
  expect([again.rank, again.alpha]).toEqual([2, 2]);
});

test('classifiers tell a text apart: the base without a head does not, the whole blend of one as it does itself', async () => {
  const folder = fixturePath('classifiers/tiny-qwen3-score');
  const path = join(folder, 'adapter');
  const labels = {
    problem: 'single_label_classification' as const,
    names: ['a', 'b'],
    pairs: false,
  };
  const id = studio.store.adapters.add({
    ...{ name: 'score', path, runId: null, labels, model: join(folder, 'model'), origin: null },
    ...{ rank: 8, alpha: 16, parameters: 1, base: null, createdAt: 1 },
  });
  const one = { ...blend, adapters: [{ id, weight: 1 }] };
  const told = await handlers['blends.classify']({ ...one, texts: ['turn the light on'] });
  expect(told.parts).toHaveLength(1);
  // One adapter with weight 1 is composed as it is.
  expect(told.blend.scores).toEqual(told.parts[0]?.scores);
  const half = { ...one, adapters: [{ id, weight: 0.5 }] };
  const other = await handlers['blends.classify']({ ...half, texts: ['turn the light on'] });
  expect(other.parts).toEqual(told.parts);
  expect(other.blend.scores).not.toEqual(told.blend.scores);
});

test('what cannot be composed is refused by its code, and leaves nothing', async () => {
  const rank = await problemOf(() =>
    handlers['blends.figures']({ ...blend, kind: 'svd', rank: 4000 }),
  );
  expect(rank.code).toBe('compose/bad-rank');
  const other = add('rslora', join(root, 'other.gguf'));
  const adapters = [...blend.adapters, { id: other, weight: 1 }];
  const base = await problemOf(() => handlers['blends.figures']({ ...blend, adapters }));
  expect(base.code).toBe('adapter/other-base');
  expect(existsSync(draft)).toBe(false);
});

test('a stop ends what is composed, and what waits behind it', async () => {
  const slow = { ...blend, kind: 'ties' as const };
  const stopped = [problemOf(() => handlers['blends.figures'](slow))];
  stopped.push(problemOf(() => handlers['blends.save']({ ...slow, name: 'never' })));
  await handlers['blends.stop']();
  const codes = (await Promise.all(stopped)).map(({ code }) => code);
  expect(codes).toEqual(['engine/cancelled', 'engine/cancelled']);
  expect(readdirSync(paths.adapters).sort()).toEqual(['both-of-them', 'both-of-them-2']);
});

test('a draft of a studio that ended without a word is gone at the next start', async () => {
  await studio.close();
  mkdirSync(draft);
  writeFileSync(join(draft, 'adapter_model.safetensors'), 'cut off');
  open();
  expect(existsSync(draft)).toBe(false);
});
