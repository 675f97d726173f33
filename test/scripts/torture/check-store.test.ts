/** Points that were shown and are not in the store are found. */
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { faultsOfFile, lostPoints } from '../../../scripts/torture/check-store.ts';
import { addLine, nothingShown } from '../../../scripts/torture/shown.ts';
import { openStore } from '../../../src/main/store/database.ts';
import { temporaryFolder } from '../../main/engine/checkpoint/fixtures.ts';
import { smallConfig } from '../../main/small-config.ts';
import { health, point } from '../../main/store/sample-records.ts';

it('of steps, validations and health; half a line was shown to nobody', () => {
  const path = join(temporaryFolder(), 'lorikeet.db');
  const store = openStore(path);
  onTestFinished(() => {
    store.close();
  });
  const { id } = store.runs.create(smallConfig(), () => '/out');
  const validation = { step: 2, loss: 1, tokens: 2, report: null };
  const shown = nothingShown();
  const lines = [point(1), point(2), { validation }, { health: health(2) }];
  const steps = lines.map((line) => addLine(shown, JSON.stringify(line)));
  expect(steps).toEqual([1, 2, null, null]);
  expect(addLine(shown, JSON.stringify(point(3)).slice(0, 20))).toBeNull();
  store.metrics.addStep(id, point(1));
  store.metrics.addStep(id, { ...point(2), loss: 9 });
  expect(lostPoints(store, id, shown)).toEqual([
    'the step 2 was shown and is another in the store',
    'the validation 2 was shown and is not in the store',
    'the reading of the health 2 was shown and is not in the store',
  ]);
  store.metrics.addStep(id, point(2));
  store.metrics.addValidation(id, validation);
  store.health.add(id, health(2));
  expect(lostPoints(store, id, shown)).toEqual([]);
  expect(faultsOfFile(path)).toEqual([]);
});
