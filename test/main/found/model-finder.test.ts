/** Models of other programs are found where these lay them out, looked at as any model is, and left as they were. */
import { lstatSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectModel } from '../../../src/main/engine/commands/model.ts';
import { findCandidates } from '../../../src/main/found/find-candidates.ts';
import { ModelFinder } from '../../../src/main/found/model-finder.ts';
import type { FoundModel } from '../../../src/shared/contract/found-models.ts';
import { temporaryFolder } from '../engine/checkpoint/fixtures.ts';
import {
  configOf,
  copied,
  filesOf,
  folderOf,
  ggufOf,
  hubRepository,
  ollamaLayer,
  ollamaLink,
  ollamaTag,
  splitModel,
  write,
} from '../../support/model-places.ts';

/** A finder on a home folder with nothing but what the test puts there. */
function finderOn(home: string) {
  const looked: string[] = [];
  const finder = new ModelFinder({
    describe: (path) => {
      looked.push(path);
      return inspectModel({ path });
    },
    tell: () => {},
    machine: { environment: {}, platform: 'darwin', home },
  });
  return { finder, looked };
}

const lookOf = ({ look }: FoundModel) =>
  look.kind === 'usable'
    ? look.description.architecture
    : look.kind === 'unusable'
      ? look.problem.code
      : look.kind;
const listed = (models: readonly FoundModel[]) =>
  models.map((model) => `${model.name}: ${lookOf(model)}`);

test('Hugging Face: folders and GGUF files of snapshots, the latest by its name, and what keeps others from training', async () => {
  const home = temporaryFolder();
  const cache = join(home, '.cache/huggingface/hub');
  const gguf = { 'Q8/tiny-qwen3.gguf': readFileSync(ggufOf('tiny-qwen3')) };
  hubRepository(cache, 'org/tiny', 'b'.repeat(40), filesOf('tiny-tied'));
  const latest = hubRepository(cache, 'org/tiny', 'a'.repeat(40), filesOf('tiny-tied'));
  hubRepository(cache, 'org/tiny-GGUF', 'c'.repeat(40), gguf);
  hubRepository(
    cache,
    'org/untold',
    'd'.repeat(40),
    filesOf('tiny-tied', { 'tokenizer.json': null }),
  );
  const gptq = configOf('tiny-tied', { quantization_config: { quant_method: 'gptq' } });
  hubRepository(cache, 'org/gptq', 'e'.repeat(40), filesOf('tiny-tied', { 'config.json': gptq }));
  const vision = configOf('tiny-tied', { model_type: 'llava' });
  hubRepository(
    cache,
    'org/vision',
    'f'.repeat(40),
    filesOf('tiny-tied', { 'config.json': vision }),
  );
  hubRepository(
    cache,
    'org/empty',
    '0'.repeat(40),
    filesOf('tiny-tied', { 'model.safetensors': null }),
  );
  write(join(cache, 'datasets--org--data/refs/main'), 'a'.repeat(40));

  const { finder, looked } = finderOn(home);
  const found = await finder.find();
  expect(listed(found.models)).toEqual([
    'org/empty: checkpoint/no-weights',
    'org/gptq: checkpoint/quantised-otherwise',
    'org/tiny: llama',
    `org/tiny@bbbbbbb: llama`,
    'org/untold: checkpoint/tokenizer-missing',
    'org/vision: checkpoint/unknown-architecture',
    'tiny-qwen3: qwen3',
  ]);
  const tiny = found.models[2];
  expect(tiny).toMatchObject({ path: latest, program: 'hugging-face' });
  expect(tiny?.bytes).toBe(lstatSync(join(folderOf('tiny-tied'), 'model.safetensors')).size);
  expect(finder.nameOf(latest)).toBe('org/tiny');
  // What has not changed is not read again.
  const before = looked.length;
  expect(await finder.find()).toEqual(found);
  expect(looked).toHaveLength(before);
});

test('LM Studio and llama.cpp: files in any folder, parts of a model as one, and which architecture is not known', async () => {
  const home = temporaryFolder();
  const models = join(home, '.lmstudio/models');
  copied(ggufOf('tiny-qwen2'), join(models, 'publisher/tiny-qwen2-GGUF/tiny-qwen2.gguf'));
  copied(ggufOf('tiny-phi3'), join(models, 'in-the-root.gguf'));
  copied(folderOf('tiny-qwen3'), join(models, 'publisher/tiny-qwen3'));
  await splitModel(join(models, 'publisher/large'), 'large');
  const other = readFileSync(ggufOf('tiny-untied'));
  other.write('clip ', other.indexOf('llama'));
  write(join(home, 'Library/Caches/llama.cpp/mmproj.gguf'), other);
  write(join(home, 'Library/Caches/llama.cpp/notes.txt'), 'no model');

  const { models: found, places } = await finderOn(home).finder.find();
  expect(listed(found)).toEqual([
    'in-the-root: phi3',
    'large-00001-of-00003: checkpoint/split-gguf',
    'mmproj: checkpoint/unknown-architecture',
    'publisher/tiny-qwen3: qwen3',
    'tiny-qwen2: qwen2',
  ]);
  const split = found[1];
  // The parts that are there.
  expect(split?.bytes).toBe(
    readdirSync(join(models, 'publisher/large'))
      .map((name) => lstatSync(join(models, 'publisher/large', name)).size)
      .reduce((a, b) => a + b),
  );
  expect(places.map(({ program }) => program)).toEqual(['lm-studio', 'llama-cpp']);
});

test('Ollama: tags of both forms, lists among them, and what it keeps in other ways; one file is one model for all programs', async () => {
  const home = temporaryFolder();
  const store = join(home, '.ollama/models');
  const layers = (name: string) => [
    ollamaLayer(store, 'model', readFileSync(ggufOf(name))),
    ollamaLayer(store, 'template', Buffer.from('{{ .Prompt }}')),
  ];
  const qwen = layers('tiny-qwen2');
  ollamaTag(store, 'registry.ollama.ai/library/first/latest', { layers: qwen });
  ollamaTag(store, 'registry.ollama.ai/library/first/1b', { layers: qwen });
  ollamaLink(store, 'ollama.com/library/second/1b', { layers: layers('tiny-qwen3') });
  // The newer form counts where both have a tag.
  ollamaTag(store, 'registry.ollama.ai/library/second/1b', { layers: qwen });
  const child = { layers: layers('tiny-phi3') };
  const { digest } = ollamaLayer(store, 'manifest', Buffer.from(JSON.stringify(child)));
  ollamaLink(store, 'my.host/me/listed/q8', { manifests: [{ digest, runner: 'ollama' }] });
  const tensor = { mediaType: 'application/vnd.ollama.image.tensor', digest: 'sha256:00' };
  ollamaTag(store, 'ollama.com/library/pieces/latest', { layers: [tensor] });
  const gone = { ...qwen[0], digest: `sha256:${'0'.repeat(64)}` };
  ollamaTag(store, 'ollama.com/library/gone/latest', { layers: [gone] });
  const outside = { ...qwen[0], digest: 'sha256:../../../../../etc/passwd' };
  ollamaTag(store, 'ollama.com/library/outside/latest', { layers: [outside] });
  write(join(store, 'manifests/ollama.com/library/broken/latest'), '{');
  const hex = qwen[0]?.digest.replace(':', '-') ?? '';
  write(join(home, '.lmstudio/models/a/b/readme.md'), '');
  symlinkSync(join(store, 'blobs', hex), join(home, '.lmstudio/models/a/b/same.gguf'));

  const { models } = await finderOn(home).finder.find();
  expect(listed(models)).toEqual([
    'gone:latest: checkpoint/ollama-blob-missing',
    'my.host/me/listed:q8: phi3',
    'outside:latest: checkpoint/ollama-blob-missing',
    'pieces:latest: checkpoint/ollama-pieces',
    'same: qwen2',
    'second:1b: qwen3',
  ]);
  const same = models.find(({ name }) => name === 'same');
  expect(same?.also).toEqual(['Ollama: first:1b', 'Ollama: first:latest']);
});

test('nothing is written there, folders behind links are left alone, and a search that is too long says so', async () => {
  const home = temporaryFolder();
  const models = join(home, '.lmstudio/models');
  copied(ggufOf('tiny-qwen2'), join(models, 'a/b/c/tiny.gguf'));
  symlinkSync(home, join(models, 'a/loop'));
  const states = () =>
    readdirSync(home, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((path) => `${path} ${lstatSync(join(home, path)).mtimeMs}`);
  const before = states();
  const { models: found, cut } = await finderOn(home).finder.find();
  expect(listed(found)).toEqual(['tiny: qwen2']);
  expect(cut).toBe(false);
  expect(states()).toEqual(before);
  const place = { program: 'lm-studio', path: models } as const;
  const short = await findCandidates([place], { entries: 2, milliseconds: 30_000 });
  expect(short).toMatchObject({ cut: true, candidates: [] });
});
