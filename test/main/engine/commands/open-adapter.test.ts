/** An adapter held against its base: that PEFT saved of a bare model (`AutoModel`), of another model, of one of another name. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import { writeSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-writer.ts';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import { openAdapter } from '../../../../src/main/engine/commands/open-adapter.ts';
import { originName } from '../../../../src/shared/contract/origin.ts';
import { trainedOrigin } from '../../../support/sample-origins.ts';
import { smallConfig } from '../../small-config.ts';
import { fixtures, problemOf, temporaryFolder } from '../checkpoint/fixtures.ts';

const whole = join(fixtures, 'adapters/untied');
const silent = { emit: () => undefined };

/** A copy whose tensors are called otherwise. */
async function renamed(
  rename: (name: string) => string,
  keep: (name: string) => boolean = () => true,
): Promise<string> {
  const folder = join(temporaryFolder(), 'adapter');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'adapter_config.json'),
    readFileSync(join(whole, 'adapter_config.json')),
  );
  const file = openSafetensors(join(whole, 'adapter_model.safetensors'));
  const kept = [...file.tensors].filter(([name]) => keep(name));
  const tensors = kept.map(([name, { shape }]) => {
    return { name: rename(name), shape, values: () => file.read(name) };
  });
  await writeSafetensors(join(folder, 'adapter_model.safetensors'), tensors, 'float32');
  file.close();
  return folder;
}

test('paths without the inner model', async () => {
  const base = await openCheckpoint(join(fixtures, 'models/tiny-untied'));
  const bare = await renamed((name) =>
    name.replace('base_model.model.model.', 'base_model.model.'),
  );
  const expected = openAdapter(whole, base, silent);
  expect(openAdapter(bare, base, silent)).toEqual(expected);
  expect([...expected.modules.keys()][0]).toMatch(/^model\.layers\.0\./);
  base.close();
});

test('a module that the model does not have is named as it is in the file', async () => {
  const base = await openCheckpoint(join(fixtures, 'models/tiny-untied'));
  const strange = await renamed((name) => name.replace('model.model.layers.1', 'model.h.1'));
  const problem = await problemOf(() => openAdapter(strange, base, silent));
  expect(problem.code).toBe('adapter/does-not-fit');
  expect(problem.what).toContain('h.1.');
  base.close();
});

test('modules that its config selects and its file lacks are told', async () => {
  const base = await openCheckpoint(join(fixtures, 'models/tiny-untied'));
  const told: string[] = [];
  const tell = {
    emit: (event: EngineEvent) => {
      if (event.kind === 'notice') told.push(event.text);
    },
  };
  openAdapter(whole, base, tell);
  expect(told).toEqual([]);
  const q = 'layers.1.self_attn.q_proj';
  openAdapter(
    await renamed(
      (name) => name,
      (name) => !name.includes(q),
    ),
    base,
    tell,
  );
  expect(told).toEqual([
    expect.stringMatching(/selects 1 module that .* such as model\.layers\.1\.self/),
  ]);
  base.close();
});

test.each([
  [['lm_head', 'embed_tokens', 'input_layernorm', 'k_proj'], []],
  [[String.raw`(model\.)?layers\.1\.mlp\.down_proj`], []],
  [['vision_tower'], ['vision_tower (exclude_modules)']],
])('%j is excluded from a base that has it, or is told', async (excluded, idle) => {
  const base = await openCheckpoint(join(fixtures, 'models/tiny-untied'));
  const folder = await renamed(
    (name) => name,
    (name) => !name.includes('k_proj'),
  );
  const path = join(folder, 'adapter_config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const [only, ...more] = excluded;
  const isPattern = more.length === 0 && only?.includes('(') === true;
  const keys = { target_modules: 'all-linear', exclude_modules: isPattern ? only : excluded };
  writeFileSync(path, JSON.stringify({ ...config, ...keys }));
  const told: string[] = [];
  openAdapter(folder, base, {
    emit: (event: EngineEvent) => {
      if (event.kind === 'notice') told.push(event.text);
    },
  });
  base.close();
  expect(told.filter((text) => text.includes('fits'))).toEqual(
    idle.map((each) => expect.stringContaining(each) as string),
  );
});

test('a base of another name is told of, and not of an adapter that knows its base by the files', async () => {
  const here = join(temporaryFolder(), 'Foo-Instruct');
  cpSync(join(fixtures, 'models/tiny-untied'), here, { recursive: true });
  const adapter = join(temporaryFolder(), 'adapter');
  cpSync(whole, adapter, { recursive: true });
  const base = await openCheckpoint(here);
  const told = () => {
    const events: EngineEvent[] = [];
    openAdapter(adapter, base, { emit: (event) => events.push(event) });
    return events;
  };
  expect(told()).toEqual([
    {
      kind: 'notice',
      text: `The adapter ${adapter} names "tiny-untied" as its base, and is used with ${here}. If these are not one model under two names, its answers mean nothing.`,
    },
  ]);
  const origin = JSON.stringify(trainedOrigin(smallConfig()));
  writeFileSync(join(adapter, originName), origin);
  expect(told()).toEqual([]);
  base.close();
});
