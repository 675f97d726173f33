/** The remembered choice, read anew as after a restart. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let kept: Map<string, string>;
beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

async function restarted() {
  vi.resetModules();
  return (await import('../../../src/renderer/state/export-choice.svelte.ts')).exportChoice;
}

test('form, type of each form and place are there again', async () => {
  const first = await restarted();
  expect([first.form, first.typeOf('gguf'), first.typeOf('peft'), first.folder]).toEqual([
    ...['huggingface', 'F16', null, null],
  ]);
  first.chooseForm('gguf');
  first.chooseType('gguf', 'Q4_K_M');
  first.chooseFolder('/elsewhere');
  const second = await restarted();
  expect([second.form, second.typeOf('gguf'), second.typeOf('ollama'), second.folder]).toEqual([
    ...['gguf', 'Q4_K_M', 'Q8_0', '/elsewhere'],
  ]);
  second.chooseFolder(null);
  expect((await restarted()).folder).toBeNull();
});

test('what is kept and not known any more gives way to the usual', async () => {
  kept.set('export.form', 'onnx').set('export.type.gguf', 'Q2_K');
  const choice = await restarted();
  expect([choice.form, choice.typeOf('gguf')]).toEqual(['huggingface', 'F16']);
});
