/** Where data goes, and names as parts of file names. */
import { homedir } from 'node:os';
import { expect, test } from 'vitest';
import { dataPaths } from '../../src/main/paths.ts';

test('LORIKEET_HOME goes before XDG_DATA_HOME, which goes before ~/.local/share', () => {
  expect(dataPaths({ LORIKEET_HOME: '/l', XDG_DATA_HOME: '/x' }).store).toBe('/l/lorikeet.db');
  expect(dataPaths({ XDG_DATA_HOME: '/x' }).adapters).toBe('/x/lorikeet/adapters');
  expect(dataPaths({}).home).toBe(`${homedir()}/.local/share/lorikeet`);
});
