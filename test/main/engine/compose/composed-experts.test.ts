/** Adapters on experts made into one: PEFT takes the rank of experts from `r` alone. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { compose } from '../../../../src/main/engine/commands/compose.ts';
import { readJsonObject } from '../../../../src/main/engine/checkpoint/json-file.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

const config = z.object({ r: z.int(), rank_pattern: z.record(z.string(), z.int()) });

test('the rank of the experts is that of the adapter, and others have patterns', async () => {
  const adapters = ['tiny-mixtral-experts', 'tiny-mixtral'].map((name) => ({
    path: fixturePath(`adapters/${name}`),
    weight: 1,
  }));
  const output = join(temporaryFolder(), 'composed');
  const options = { kind: 'exact' as const, rank: null, density: null, seed: null };
  const request = { model: fixturePath('models/tiny-mixtral'), adapters, output, ...options };
  await compose(request, { emit: () => undefined, signal: new AbortController().signal });
  const { r, rank_pattern: patterns } = config.parse(
    readJsonObject(join(output, 'adapter_config.json')),
  );
  const ofExperts = Object.keys(patterns).filter((name) => /experts|w[123]/.test(name));
  expect(ofExperts).toEqual([]);
  expect(Object.values(patterns).length).toBeGreaterThan(0);
  expect(Object.values(patterns)).not.toContain(r);
});
