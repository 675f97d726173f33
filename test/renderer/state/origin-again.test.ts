/** Doing a link of a chain again. */
import { afterAll, expect, test, vi } from 'vitest';
import { adapterWorks } from '../../../src/renderer/state/adapter-work.svelte.ts';
import { blendWork } from '../../../src/renderer/state/blend-work.svelte.ts';
import { exportChoice } from '../../../src/renderer/state/export-choice.svelte.ts';
import { library } from '../../../src/renderer/state/library.svelte.ts';
import { newRun } from '../../../src/renderer/state/new-run.svelte.ts';
import { notices } from '../../../src/renderer/state/notices.svelte.ts';
import { againOf } from '../../../src/renderer/state/origin-again.ts';
import type { ExportOrigin } from '../../../src/shared/contract/origin.ts';
import {
  blendedOrigin,
  exportedOrigin,
  partOf,
  trainedOrigin,
} from '../../support/sample-origins.ts';
import { runOf } from '../run-record.ts';

// What the router needs of a window, before it is loaded.
vi.hoisted(() => {
  vi.stubGlobal('location', { hash: '' });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
});
afterAll(() => {
  vi.unstubAllGlobals();
});

const { config } = runOf({});
const origin = trainedOrigin({ ...config, seed: 5, learningRate: 0.5 });

test('a training fills the form, and says what has to be chosen anew', async () => {
  await againOf(origin, [config.model, config.data])?.();
  expect(newRun.draft).toMatchObject({ model: config.model, seed: 5, learningRate: 0.5 });
  expect(location.hash).toBe('#/new');
  expect(notices.all.at(-1)).toMatchObject({
    text: expect.stringMatching(
      /^The base model a\.gguf and the data train\.jsonl .* Choose/,
    ) as unknown,
  });
});

test('an export sets the panel of its adapter, where that is known and was exported whole', async () => {
  const adapter = { id: 4, name: 'a', path: '/a', runId: null, model: '/m', rank: 1, alpha: 1 };
  library.adapters = [{ ...adapter, parameters: 1, labels: null, base: null, createdAt: 0 }];
  const exported = { ...exportedOrigin([partOf('/a', 1, origin)]), type: 'float16' };
  const again = async (to: ExportOrigin['to'], type: string) => {
    await againOf({ ...exported, to, type }, [])?.();
    return [exportChoice.form, exportChoice.typeOf(to)];
  };
  expect(await again('huggingface', 'float16')).toEqual(['huggingface', 'float16']);
  expect(adapterWorks.of(4).exportWanted).toBe(true);
  expect(location.hash).toBe('#/adapters/4');
  expect(await again('gguf', 'Q8_0')).toEqual(['gguf', 'Q8_0']);
  expect(await again('gguf-adapter', 'F16')).toEqual(['gguf-adapter', 'F16']);
  expect(await again('ollama', 'Q4_K_M')).toEqual(['ollama', 'Q4_K_M']);
  // Its origin says in which type the numbers are, which nobody chooses.
  expect(await again('peft', 'float32')).toEqual(['peft', null]);
  const half = exportedOrigin([partOf('/a', 0.5, origin)]);
  expect(againOf(half, [])).toBe(null);
  expect(againOf(exportedOrigin([partOf('/other', 1, null)]), [])).toBe(null);
});

test('a blend fills the page that composes, and names the parts that are gone', async () => {
  const adapter = { name: 'a', runId: null, model: '/m', rank: 1, alpha: 1 };
  const known = {
    ...adapter,
    id: 4,
    path: '/a',
    parameters: 1,
    labels: null,
    base: null,
    createdAt: 0,
  };
  library.adapters = [known];
  const blended = blendedOrigin([partOf('/a', 0.7, origin), partOf('/lost', 0.3, null)]);
  await againOf(blended, [])?.();
  expect(blendWork.form).toEqual({
    ...{ parts: [{ id: 4, weight: 0.7 }], kind: 'svd', otherBase: false },
    ...{ rank: 8, density: 0.5, seed: 0 },
  });
  expect(location.hash).toBe('#/compose');
  expect(notices.all.at(-1)).toMatchObject({
    text: 'lost is no longer among the adapters, and not in this blend.',
  });
});
