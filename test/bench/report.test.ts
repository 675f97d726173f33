/** The report, which `npm run check` finds in the repository. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'oxfmt';
import { expect, test } from 'vitest';
import { benchOpening, renderReport, writeReport } from '../../bench/lib/report.ts';
import { readOptions } from '../../bench/options.ts';
import layout from '../../oxfmt.config.ts';

const result = {
  title: '(x) A case',
  notes: ['A note.'],
  tables: [{ header: ['who', 's'], rows: [['Lorikeet', '1.00 / 2.00 / 3.00']] }],
  ratios: [{ what: 'x', found: '2.00 ×', goal: '≥ 1.60 ×' }],
};

test('it is formatted as the repository is, names what failed, and ends with the ratios', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-report-'));
  try {
    const path = join(folder, 'RESULTS.md');
    await writeReport(
      path,
      renderReport(benchOpening, [['Cores', '2']], [result], ['merge: the disk is full']),
    );
    const text = readFileSync(path, 'utf8');
    const { code } = await format(path, text, layout);
    expect(code).toBe(text);
    expect(text).toContain('- merge: the disk is full');
    expect(text.trimEnd().split('\n').at(-1)).toMatch(/^\| x\s+\| 2\.00 × \| ≥ 1\.60 ×/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('options: all cases without a name, sizes as numbers', () => {
  const names = [
    ...['steps', 'job', 'memory', 'start', 'merge', 'generation', 'growth'],
    ...['variants', 'estimate', 'export', 'quantised'],
  ];
  expect(readOptions([]).case).toEqual(names);
  const some = readOptions(['--case', 'merge', '--case', 'job', '--sizes', '4x256,1x2048']);
  expect(some.case).toEqual(['merge', 'job']);
  expect(some.sizes).toEqual([
    { rows: 4, length: 256 },
    { rows: 1, length: 2048 },
  ]);
});
