/** A base that answers and is another one than its adapters were made on is told, if that is known. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { tellOtherBase } from '../../../../src/main/engine/commands/tell-other-base.ts';
import { baseOrigin } from '../../../../src/main/engine/origin/base-origin.ts';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import { trainedOrigin } from '../../../support/sample-origins.ts';
import { smallConfig } from '../../small-config.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

const nothing = () => undefined;

test('nothing is read for it, and the same base and adapters of other programs are not told', async () => {
  vi.stubEnv('LORIKEET_CACHE', temporaryFolder());
  const checkpoint = await openCheckpoint(fixturePath('models/tiny-tied'));
  try {
    const folder = temporaryFolder();
    const trained = trainedOrigin(smallConfig());
    const tell = (base = trained.base) => {
      const told: EngineEvent[] = [];
      const origin = JSON.stringify({ ...trained, base });
      writeFileSync(join(folder, 'lorikeet-origin.json'), origin);
      const adapters = [folder, fixturePath('adapters/rslora')];
      tellOtherBase(checkpoint, adapters, { emit: (event) => told.push(event) });
      return told;
    };
    expect(tell()).toEqual([]);
    const base = await baseOrigin(checkpoint, nothing);
    expect(tell()).toMatchObject([
      {
        kind: 'notice',
        text: expect.stringMatching(/made on other files than this base/) as unknown,
      },
    ]);
    expect(tell(base)).toEqual([]);
  } finally {
    checkpoint.close();
    vi.unstubAllEnvs();
  }
});
