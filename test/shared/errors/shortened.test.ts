/** What a file says is cut in an error; paths, and what the project itself says, are not. */
import { expect, it } from 'vitest';
import { listed } from '../../../src/shared/errors/listed.ts';
import { lorikeetError } from '../../../src/shared/errors/lorikeet-error.ts';

const long = 'x'.repeat(100_000);

it('cuts a long name, and keeps what stands around it', () => {
  const reason = `it has the key "${long}" twice`;
  const { what } = lorikeetError('checkpoint/bad-json', { path: '/m/config.json', reason }).problem;
  expect(what).toContain(`the key "${'x'.repeat(199)}…" twice`);
  expect(what.length).toBeLessThan(300);
});

it('cuts a long name with spaces, in its line only', () => {
  const reason = `it has "${'a name '.repeat(20_000)}"\nand more`;
  const { what } = lorikeetError('checkpoint/bad-json', { path: '/m', reason }).problem;
  expect(what).toMatch(/^.{2000}…\nand more/);
});

it('cuts no path, unless it is longer than any', () => {
  const path = `/${'folder/'.repeat(400)}config.json`;
  const { where } = lorikeetError('checkpoint/bad-json', { path, reason: 'no' }).problem;
  expect(where).toBe(path);
  expect(lorikeetError('checkpoint/bad-json', { path: long, reason: 'no' }).problem.where).toHaveLength(
    201,
  );
});

it('cuts what is listed in a notice', () => {
  expect(listed([long, 'b'])).toBe(`${'x'.repeat(200)}…; b`);
});

it('does not part a character', () => {
  const reason = `${'x'.repeat(199)}${'🙂'.repeat(50)}`;
  const { what } = lorikeetError('checkpoint/bad-json', { path: '/m', reason }).problem;
  expect(what).not.toMatch(/\p{Surrogate}/u);
});

it('takes time in proportion to a text', () => {
  const reason = `${'x'.repeat(199)} `.repeat(50_000);
  const { what } = lorikeetError('checkpoint/bad-json', { path: '/m', reason }).problem;
  expect(what.length).toBeLessThan(2100);
});
