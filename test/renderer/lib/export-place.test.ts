import { expect, test } from 'vitest';
import { exportPath } from '../../../src/renderer/lib/export-place.ts';

test('a name says whose export it is, as what and of which type', () => {
  const named = (to: Parameters<typeof exportPath>[2]['to'], type: string | null) =>
    exportPath('/home/exports', 'Smart home', { to, type });
  expect(named('peft', null)).toBe('/home/exports/smart-home-peft');
  expect(named('huggingface', 'bfloat16')).toBe('/home/exports/smart-home-merged-bfloat16');
  expect(named('gguf', 'Q8_0')).toBe('/home/exports/smart-home-Q8_0.gguf');
  expect(named('gguf-adapter', 'F32')).toBe('/home/exports/smart-home-adapter-F32.gguf');
  expect(named('ollama', 'Q8_0')).toBe('/home/exports/smart-home-ollama-Q8_0');
});

test('the number of a name that was taken comes before the ending of a file', () => {
  const at = (attempt: number) => exportPath('/e', 'a', { to: 'gguf', type: 'F16' }, attempt);
  expect([1, 2, 3].map(at)).toEqual(['/e/a-F16.gguf', '/e/a-F16-2.gguf', '/e/a-F16-3.gguf']);
  expect(exportPath('C:\\e', 'a', { to: 'peft', type: null }, 2)).toBe('C:\\e\\a-peft-2');
});
