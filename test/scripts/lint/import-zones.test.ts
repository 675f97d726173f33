/** The lint rule refuses what the table of ARCHITECTURE.md forbids, through ESLint and oxlint as `npm run lint` calls them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../../scripts/lint/import-zones.mjs';
import { oxlint } from './oxlint.ts';

describe('refusal', () => {
  it.each([
    ['src/renderer/App.ts', 'electron'],
    ['src/renderer/lib/a.ts', 'node:fs'],
    ['src/renderer/lib/a.ts', 'fs'],
    ['src/renderer/lib/a.ts', '../../main/paths.ts'],
    ['src/preload/index.ts', 'node:path'],
    ['src/preload/index.ts', 'zod'],
    ['src/shared/errors/a.ts', 'node:os'],
    ['src/shared/errors/a.ts', '../../main/paths.ts'],
    ['src/main/engine/train/a.ts', 'electron'],
    ['src/main/engine/train/a.ts', 'electron/main'],
    ['src/main/engine/train/a.ts', 'better-sqlite3'],
    ['src/main/engine/train/a.ts', '../../store/database.ts'],
    ['src/main/runs.ts', 'better-sqlite3'],
    ['src/main/runs.ts', './engine/graph/graph.ts'],
    ['src/main/runs.ts', '../renderer/bridge.ts'],
    ['src/main/store/runs.ts', 'electron'],
    ['src/cli/train.ts', 'electron'],
    ['src/cli/train.ts', '../main/engine/train/trainer.ts'],
  ])('refuses in %s: %s', (file, specifier) => {
    expect(refusal(file, specifier)).toMatch(/\w/);
  });

  it.each([
    ['src/renderer/App.ts', 'svelte/transition'],
    ['src/renderer/lib/a.ts', '../../shared/contract/records.ts'],
    ['src/preload/index.ts', 'electron'],
    ['src/shared/contract/a.ts', 'zod'],
    ['src/main/engine/checkpoint/a.ts', '@huggingface/gguf'],
    ['src/main/engine/checkpoint/a.ts', 'node:fs'],
    ['src/main/runs.ts', './store/runs.ts'],
    ['src/main/runs.ts', './engine/runtime/environment.ts'],
    ['src/main/store/database.ts', 'better-sqlite3'],
    ['src/cli/train.ts', '../main/runs.ts'],
    ['scripts/main.ts', 'electron'],
  ])('allows in %s: %s', (file, specifier) => {
    expect(refusal(file, specifier)).toBeNull();
  });
});

describe('npm run lint', () => {
  it('reports a forbidden import at its line', async () => {
    // A file of plain JavaScript, for which ESLint does not have to read all types of the project first.
    const eslint = new ESLint();
    const text = "/** x. */\nimport { app } from 'electron';\nexport const name = app.name;\n";
    const [result] = await eslint.lintText(text, { filePath: 'src/shared/cache-layout.mjs' });
    const refused = result?.messages.filter(({ ruleId }) => ruleId === 'lorikeet/import-zones');
    expect(refused).toMatchObject([{ line: 2, severity: 2 }]);
    expect(refused?.[0]?.message).toContain('package electron');
  });

  it('cannot be switched off by a comment', async () => {
    const eslint = new ESLint();
    const text = "/* eslint-disable */\nimport 'electron';\nexport {};\n";
    const [result] = await eslint.lintText(text, { filePath: 'src/shared/cache-layout.mjs' });
    expect(result?.messages.map(({ ruleId }) => ruleId)).toContain('lorikeet/import-zones');
  });

  it('does the same for TypeScript', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lorikeet-import-zones-'));
    try {
      mkdirSync(join(folder, 'src/shared'), { recursive: true });
      const text = "/* eslint-disable */\nimport 'electron';\nexport {};\n";
      writeFileSync(join(folder, 'src/shared/cache-layout.ts'), text);
      const { code, output } = await oxlint(['--format=unix', '.'], folder);
      expect(code).toBe(1);
      expect(output).toMatch(/cache-layout\.ts:2:.*package electron.*lorikeet\(import-zones\)/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
