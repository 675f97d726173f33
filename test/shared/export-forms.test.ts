import { expect, test } from 'vitest';
import {
  commandsFor,
  exportFormNames,
  exportForms,
  exportTypes,
} from '../../src/shared/export-forms.ts';

test('every type of every form has its words', () => {
  const types = exportFormNames.flatMap((form): readonly string[] => exportForms[form].types);
  expect(types.filter((type) => !exportTypes[type])).toEqual([]);
  expect(Object.keys(exportTypes).filter((type) => !types.includes(type))).toEqual([]);
});

test('a command names what was written, by its path and by its name', () => {
  expect(commandsFor('gguf', '/e/home Q8_0.gguf')[0]?.command).toBe(
    'llama-server -m "/e/home Q8_0.gguf"',
  );
  expect(commandsFor('ollama', 'C:\\e\\home-Q8_0')[0]?.command).toBe(
    'ollama create home-Q8_0 -f "C:\\e\\home-Q8_0/Modelfile"',
  );
});
