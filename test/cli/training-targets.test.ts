/** What the command line makes of the names of target modules and of layers. */
import { Command } from 'commander';
import { expect, test } from 'vitest';
import {
  addTrainingOptions,
  trainingConfigOf,
  trainingOptions,
} from '../../src/cli/training-options.ts';
import { inEveryLayer } from '../support/plain-module.ts';

const modules = ['q_proj', 'gate', 'experts.up_proj'].map((name) => {
  return { ...inEveryLayer, name, path: name, in: 8, out: 8, gate: name === 'gate' };
});

function targetsOf(...options: string[]) {
  const given = addTrainingOptions(new Command()).parse(options, { from: 'user' }).opts();
  const read = trainingOptions.parse({ ...given, model: 'm', data: 'd' });
  return trainingConfigOf(read, modules).lora.targets;
}

test('all linear layers of some layers are those of all layers, without the routers', () => {
  expect(targetsOf()).toBe('all-linear');
  expect(targetsOf('--layers', '1')).toEqual(
    ['q_proj', 'experts.up_proj'].map((module) => ({ module, layers: [1] })),
  );
  expect(targetsOf('--target-modules', 'gate')).toEqual([{ module: 'gate', layers: 'all' }]);
});
