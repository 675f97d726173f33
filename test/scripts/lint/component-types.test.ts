/** Components are linted with types: the program that knows them holds the TypeScript that is linted. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-component-types-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const component = `<script lang="ts">
  const count: number = 'one';
</script>
<p>{count}</p>`;

test('a mistake of types in a component is seen at its place', () => {
  writeFileSync(join(folder, 'One.svelte'), component);
  const configFile = join(folder, 'tsconfig.json');
  const compilerOptions = { strict: true, target: 'ES2023', types: [] };
  writeFileSync(configFile, JSON.stringify({ compilerOptions, include: ['.'] }));
  const module = new URL('../../../scripts/lint/component-types.mjs', import.meta.url).href;
  // In a process of its own: whoever loads it reads components so ever after.
  const script = `import { programOfComponents } from '${module}';
    const program = programOfComponents(process.argv[1]);
    const [found] = program.getSemanticDiagnostics(program.getSourceFile(process.argv[2]));
    console.log(found?.messageText, found?.file.text.slice(found.start).split('\\n')[0]);`;
  const args = ['--input-type=module', '-e', script, configFile, join(folder, 'One.svelte')];
  const said = execFileSync(process.execPath, args, { encoding: 'utf8' });
  expect(said).toBe("Type 'string' is not assignable to type 'number'. count: number = 'one';\n");
});
