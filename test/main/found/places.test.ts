/** Where models of other programs are looked for, by system and by the variables that these programs read. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { modelPlaces } from '../../../src/main/found/places.ts';
import { write } from '../../support/model-places.ts';
import { temporaryFolder } from '../engine/checkpoint/fixtures.ts';

const pathsOf = (...given: Parameters<typeof modelPlaces>) =>
  modelPlaces(...given).map(({ program, path }) => `${program} ${path}`);

test('without variables each system has its own places', () => {
  expect(pathsOf({ environment: {}, platform: 'linux', home: '/home/a' })).toEqual([
    'hugging-face /home/a/.cache/huggingface/hub',
    'lm-studio /home/a/.lmstudio/models',
    'lm-studio /home/a/.cache/lm-studio/models',
    'ollama /home/a/.ollama/models',
    'ollama /usr/share/ollama/.ollama/models',
    'llama-cpp /home/a/.cache/llama.cpp',
  ]);
  const mac = pathsOf({ environment: {}, platform: 'darwin', home: '/Users/a' });
  expect(mac).toContain('llama-cpp /Users/a/Library/Caches/llama.cpp');
  expect(mac).toContain('hugging-face /Users/a/.cache/huggingface/hub');
  const windows = pathsOf({
    environment: { LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' },
    ...{ platform: 'win32', home: 'C:\\Users\\a' },
  });
  expect(windows).toContain('llama-cpp C:\\Users\\a\\AppData\\Local\\llama.cpp');
  expect(windows).toContain('ollama C:\\Users\\a\\.ollama\\models');
});

test('variables move them: the first of those that one program reads counts', () => {
  const machine = { platform: 'linux', home: '/home/a' } as const;
  const environment = {
    ...{ HF_HUB_CACHE: '/hub', HF_HOME: '/hf', XDG_CACHE_HOME: '/cache' },
    ...{ OLLAMA_MODELS: '/ollama', LLAMA_CACHE: '/llama' },
  };
  const all = pathsOf({ ...machine, environment });
  expect(all).toContain('hugging-face /hub');
  expect(all).toContain('ollama /ollama');
  expect(all).toContain('llama-cpp /llama');
  const without = { HF_HOME: '/hf', XDG_CACHE_HOME: '/cache' };
  expect(pathsOf({ ...machine, environment: without })).toContain('hugging-face /hf/hub');
  const cached = pathsOf({ ...machine, environment: { XDG_CACHE_HOME: '/cache' } });
  expect(cached).toContain('hugging-face /cache/huggingface/hub');
  expect(cached).toContain('llama-cpp /cache/llama.cpp');
});

test('LM Studio is where its pointer says, with the folder of its settings; what is damaged there counts for nothing', () => {
  const home = temporaryFolder();
  const own = join(home, 'elsewhere');
  const of = () =>
    modelPlaces({ environment: {}, platform: 'linux', home })
      .filter(({ program }) => program === 'lm-studio')
      .map(({ path }) => path);
  write(join(home, '.lmstudio-home-pointer'), `${own}\n`);
  write(join(own, 'settings.json'), '{"downloadsFolder": "/big/models"}');
  const older = join(home, '.cache/lm-studio/models');
  expect(of()).toEqual(['/big/models', join(own, 'models'), older]);
  write(join(own, 'settings.json'), '{"downloadsFolder": 3');
  expect(of()).toEqual([join(own, 'models'), older]);
});
