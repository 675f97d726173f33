/** Patterns of Python's `re` mean the same here or are refused. What fits is what Python 3.11's `re.match` says of the same names. */
import { describe, expect, test } from 'vitest';
import { namePatterns } from '../../../../src/main/engine/checkpoint/name-patterns.ts';
import { problemOf } from './fixtures.ts';

const q = 'model.layers.1.self_attn.q_proj';
const k = 'model.layers.12.self_attn.k_proj';
const up = 'model.layers.0.mlp.up_proj';
const of = (key: string, name: string) => namePatterns({ [key]: 1 }, 'there')(name) === 1;

describe('the same as in Python', () => {
  test.each([
    [String.raw`q_proj\Z`, [q]],
    [String.raw`\Amodel\..*up_proj`, [up]],
    [String.raw`model\.layers\.(?P<layer>\d+)\.mlp\.up_proj`, [up]],
    [String.raw`(?#of attention)[qk]_proj`, [q, k]],
    [String.raw`layers\.\d{,1}\.self_attn\.\w+`, [q]],
    [String.raw`layers\.\d{2}\..+`, [k]],
    [String.raw`[]q]_proj`, [q]],
    [String.raw`[^]q]_proj`, [k]],
    [String.raw`(?:q|up)_proj`, [q, up]],
    [String.raw`(?<=_attn\.)k_proj`, [k]],
    [String.raw`q_proj)|(k_proj`, [q]],
    ['q_proj$', [q]],
    ['u?p_proj', [up]],
    ['UP_PROJ', []],
  ])('%s', (key, expected) => {
    expect([q, k, up].filter((name) => of(key, name))).toEqual(expected);
  });
});

test.each([
  '(?i)Q_PROJ',
  '(?x) q_proj',
  '(?>q)_proj',
  '(?<n>q)_proj',
  '(?P<n>q)_(?P=n)',
  '(?(1)q|k)_proj',
  'q++_proj',
  'q{1}+_proj',
  String.raw`(q)_\1`,
  String.raw`\p{L}_proj`,
  String.raw`\N{DIGIT ONE}`,
  String.raw`\U00000071_proj`,
  String.raw`[\Aq]_proj`,
  String.raw`\cq`,
  '[q_proj',
  '(q_proj',
])('%s is refused by name', async (key) => {
  const problem = await problemOf(() => namePatterns({ [key]: 1 }, 'there'));
  expect(problem).toMatchObject({ code: 'adapter/bad-config', where: 'there' });
  expect(problem.what).toContain(key);
});
