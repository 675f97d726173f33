/** Styles win by being nearer to what they are about, not by shouting. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const renderer = resolve(import.meta.dirname, '../../../src/renderer');

test('nothing is !important but that who wants no motion gets none', () => {
  const found = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(svelte|css)$/.test(path))
    .flatMap((path) =>
      readFileSync(join(renderer, path), 'utf8')
        .split('\n')
        .flatMap((line) => (line.includes('!important') ? [`${path}: ${line.trim()}`] : [])),
    );
  expect(found).toEqual(
    ['animation: none', 'transition: none', 'scroll-behavior: auto'].map(
      (rule) => `styles/base.css: ${rule} !important;`,
    ),
  );
});
