/** Where data goes, and names as parts of file names. */
import { homedir } from 'node:os';
import { expect, test } from 'vitest';
import { dataPaths, slug } from '../../src/main/paths.ts';

test('LORIKEET_HOME goes before XDG_DATA_HOME, which goes before ~/.local/share', () => {
  expect(dataPaths({ LORIKEET_HOME: '/l', XDG_DATA_HOME: '/x' }).store).toBe('/l/lorikeet.db');
  expect(dataPaths({ XDG_DATA_HOME: '/x' }).adapters).toBe('/x/lorikeet/adapters');
  expect(dataPaths({}).home).toBe(`${homedir()}/.local/share/lorikeet`);
});

test('a slug holds letters and digits of any script, and never nothing', () => {
  expect(slug('Smart home, r = 8')).toBe('smart-home-r-8');
  expect(slug('../../Café  №1')).toBe('cafe-no1');
  expect(slug('家 2')).toBe('家-2');
  expect(slug('…')).toBe('run');
  expect(slug('a'.repeat(500)).length).toBe(60);
});
