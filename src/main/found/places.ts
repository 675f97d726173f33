/** Where programs on this computer keep the models that they have downloaded. Nothing is ever written there. */
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import { z } from 'zod';
import type { ModelProgram } from '../../shared/model-programs.ts';

export type Place = { program: ModelProgram; path: string };

export type Machine = { environment: NodeJS.ProcessEnv; platform: NodeJS.Platform; home: string };

export const thisMachine = (): Machine => ({
  ...{ environment: process.env, platform: process.platform, home: homedir() },
});

/** The places that the programs would use, whether they are there or not, each once. */
export function modelPlaces(machine: Machine): Place[] {
  const places = [
    ...hubCaches(machine).map((path): Place => ({ program: 'hugging-face', path })),
    ...lmStudioFolders(machine).map((path): Place => ({ program: 'lm-studio', path })),
    ...ollamaFolders(machine).map((path): Place => ({ program: 'ollama', path })),
    ...llamaCppCaches(machine).map((path): Place => ({ program: 'llama-cpp', path })),
  ];
  return places.filter(
    ({ path, program }, at) =>
      places.findIndex((other) => other.path === path && other.program === program) === at,
  );
}

/** Joins names as the machine's system does. */
function joinOf({ platform }: Machine): (...names: string[]) => string {
  const paths = platform === 'win32' ? win32 : posix;
  return (...names) => paths.join(...names);
}

/** The folder for caches of this user by the customs of the system. */
function cacheFolder(machine: Machine): string {
  const { environment, platform, home } = machine;
  const join = joinOf(machine);
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  if (platform === 'win32') return environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local');
  return environment['XDG_CACHE_HOME'] || join(home, '.cache');
}

/** huggingface_hub (constants.py) has ~/.cache on every system; the first variable that is set counts. */
function hubCaches(machine: Machine): string[] {
  const { environment, home } = machine;
  const join = joinOf(machine);
  const {
    HF_HUB_CACHE: hub,
    HUGGINGFACE_HUB_CACHE: older,
    HF_HOME: own,
    XDG_CACHE_HOME: xdg,
  } = environment;
  const usual = own || join(xdg || join(home, '.cache'), 'huggingface');
  return [hub || older || join(usual, 'hub')];
}

/** A file in the home folder names LM Studio's own folder, whose settings may name another one for models. */
function lmStudioFolders(machine: Machine): string[] {
  const { home } = machine;
  const join = joinOf(machine);
  const pointed = textIfThere(join(home, '.lmstudio-home-pointer'))?.trim().split(/\r?\n/)[0];
  const homes = [pointed || join(home, '.lmstudio'), join(home, '.cache', 'lm-studio')];
  return [...new Set(homes)].flatMap((folder) => {
    const chosen = downloadsFolder(textIfThere(join(folder, 'settings.json')));
    return [...(chosen === null ? [] : [chosen]), join(folder, 'models')];
  });
}

const settings = z.object({ downloadsFolder: z.string().min(1) });

function downloadsFolder(text: string | null): string | null {
  try {
    return settings.parse(JSON.parse(text ?? '')).downloadsFolder;
  } catch {
    return null;
  }
}

/** envconfig.Models of Ollama; its service on Linux has a user of its own. */
function ollamaFolders(machine: Machine): string[] {
  const { environment, platform, home } = machine;
  const join = joinOf(machine);
  const own = environment['OLLAMA_MODELS'] || join(home, '.ollama', 'models');
  return platform === 'linux' ? [own, '/usr/share/ollama/.ollama/models'] : [own];
}

/** fs_get_cache_directory of llama.cpp. Newer versions download into the cache of Hugging Face. */
function llamaCppCaches(machine: Machine): string[] {
  const join = joinOf(machine);
  return [machine.environment['LLAMA_CACHE'] || join(cacheFolder(machine), 'llama.cpp')];
}

/** Far above any file of settings. */
const mostBytes = 1 << 20;

function textIfThere(path: string): string | null {
  try {
    const status = statSync(path);
    return status.isFile() && status.size <= mostBytes ? readFileSync(path, 'utf8') : null;
  } catch {
    return null;
  }
}
