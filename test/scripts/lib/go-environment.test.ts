/** Programs in Go collect less often, unless a person has said how often. */
import { expect, it } from 'vitest';
import { goEnvironment } from '../../../scripts/lib/go-environment.ts';

it('says how often where nobody has, and leaves the rest as it is', () => {
  expect(goEnvironment({ HOME: '/home/me' })).toEqual({ HOME: '/home/me', GOGC: '400' });
  expect(goEnvironment({ GOGC: 'off' })).toEqual({ GOGC: 'off' });
});
