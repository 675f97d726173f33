/** What a preset keeps of a form, and what it leaves alone. */
import { expect, test } from 'vitest';
import { emptyDraft, type Draft } from '../../../src/renderer/lib/draft.ts';
import { sayPreset, settingsOf, withPreset, withSaved } from '../../../src/renderer/lib/presets.ts';
import { preset } from '../../../src/shared/contract/preset.ts';
import type { TrainingConfig } from '../../../src/shared/contract/training-config.ts';
import { smallConfig } from '../../main/small-config.ts';

const config: TrainingConfig = {
  ...smallConfig(7),
  ...{ batchSize: 9, learningRate: 1e-3, task: 'sequence-classification' },
  validation: { kind: 'split', fraction: 0.25 },
};
const lora = { ...config.lora, rank: 3, rankPattern: { q_proj: 2 } };
const saved = { name: 'small', settings: settingsOf({ ...config, lora }) };

/** A form about something else. */
const draft: Draft = {
  ...emptyDraft(),
  ...{ name: 'mine', model: '/m', data: '/d', fromAdapter: '/a', rank: 64, seed: 5 },
  ...{ validationKind: 'file', validationFile: '/v', columns: [{ name: 'q', as: 'prompt' }] },
};

test('all settings are filled in; model, data and task stay', () => {
  expect(withPreset(draft, saved)).toEqual({
    ...draft,
    ...{ rank: 3, rankPattern: { q_proj: 2 }, batchSize: 9, learningRate: 1e-3, seed: 0 },
    ...{ durationKind: 'steps', steps: 7, validationKind: 'split', validationPercent: 25 },
  });
});

test('a validation file is no part of a preset: what the form has stays', () => {
  const ofFile = settingsOf({ ...config, validation: { kind: 'file', path: '/other' } });
  expect(JSON.stringify(ofFile)).not.toContain('/');
  const filled = withPreset(draft, { ...saved, settings: ofFile });
  expect(filled).toMatchObject({ validationKind: 'file', validationFile: '/v' });
  const ofNone = settingsOf({ ...config, validation: { kind: 'none' } });
  expect(withPreset(draft, { ...saved, settings: ofNone }).validationKind).toBe('none');
});

test('what is measured and watched is kept, but for a file and for typed prompts', () => {
  const watching = (config: Partial<TrainingConfig>) =>
    settingsOf({ ...smallConfig(7), validation: { kind: 'split', fraction: 0.1 }, ...config });
  const mine: Draft = {
    ...draft,
    ...{ generalKind: 'file', generalFile: '/g', watchedKind: 'typed', watchedText: 'say 3' },
  };
  const fill = (settings: typeof saved.settings) => withPreset(mine, { ...saved, settings });
  const kept = watching({
    generalText: { kind: 'off' },
    watched: { kind: 'validation', count: 7 },
  });
  expect(fill(kept)).toMatchObject({
    ...{ generalKind: 'off', generalFile: '/g' },
    ...{ watchedKind: 'validation', watchedCount: 7, watchedText: 'say 3' },
  });
  expect(fill(watching({}))).toMatchObject({ generalKind: 'own', watchedKind: 'off' });
  const own = watching({
    generalText: { kind: 'file', path: '/theirs' },
    watched: { kind: 'typed', prompts: ['theirs'] },
  });
  expect(JSON.stringify(own)).not.toContain('theirs');
  const { generalKind, generalFile, watchedKind, watchedText } = mine;
  const stays = { generalKind, generalFile, watchedKind, watchedText };
  expect(fill(own)).toMatchObject(stays);
  // Of a classifier, which has neither.
  expect(fill(saved.settings)).toMatchObject(stays);
});

test('what is kept is what the contract takes, and one from before a setting has its default', () => {
  expect(preset.parse(structuredClone(saved))).toEqual(saved);
  const older = Object.fromEntries(
    Object.entries(saved.settings).filter(([key]) => key !== 'patience'),
  );
  expect(preset.parse({ ...saved, settings: older })).toEqual(saved);
});

test('a name is there once, and a preset is told by its main settings', () => {
  const other = { ...saved, name: 'other' };
  const again = { ...saved, settings: settingsOf(config) };
  expect(withSaved([saved, other], again)).toEqual([again, other]);
  expect(withSaved([saved], other)).toEqual([saved, other]);
  expect(sayPreset(saved.settings)).toBe('rank 3, alpha 16, rate 0.001, 7 steps');
  const epoch = { ...saved.settings, duration: { kind: 'epochs', epochs: 1 } as const };
  expect(sayPreset(epoch)).toMatch(/, 1 epoch$/);
  const lasting = (duration: TrainingConfig['duration']) =>
    sayPreset({ ...saved.settings, duration });
  expect(lasting({ kind: 'steps', steps: 40_000 })).toMatch(/, 40,000 steps$/);
  expect(lasting({ kind: 'steps', steps: 1 })).toMatch(/, 1 step$/);
  expect(lasting({ kind: 'epochs', epochs: 0.5 })).toMatch(/, 0\.5 epochs$/);
});
