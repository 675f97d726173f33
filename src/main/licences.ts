/**
 * What Lorikeet is made of, with the licences: the packages in its bundles, as the build has listed them (Vite's `build.license`),
 * and what lies beside these. Free of Electron.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Licence } from '../shared/contract/licences.ts';

export type LicencePlaces = {
  /** The application: its bundles in out/, and the packages that are in none. */
  app: string;
  /** Where Electron's program is. */
  program: string;
  /** TensorFlow with its binding. */
  runtime: string;
  versions: { electron: string | null; tensorflow: string | null };
};

const bundled = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    identifier: z.string().optional(),
    text: z.string().optional(),
  }),
);
const packageFile = z.object({ name: z.string(), version: z.string(), license: z.string() });

/** In the order of their names. What is not there, as the bundles of a studio that was not built, is left out. */
export async function licencesOf(places: LicencePlaces): Promise<Licence[]> {
  const { app, program, runtime, versions } = places;
  const lists = await Promise.all(
    ['main', 'renderer'].map((part) => readBundled(join(app, 'out', part, 'licences.json'))),
  );
  const all = [
    ...lists.flat(),
    ...(await readPackage(join(app, 'node_modules/better-sqlite3'))),
    await natives('Electron', versions.electron, 'MIT', {
      text: join(program, 'LICENSE.electron.txt'),
      file: join(program, 'LICENSES.chromium.html'),
    }),
    await natives('TensorFlow', versions.tensorflow, 'Apache-2.0', {
      text: join(runtime, 'tensorflow/include/LICENSE'),
      file: join(runtime, 'tensorflow/THIRD_PARTY_NOTICES.txt'),
    }),
  ];
  const named = new Map(all.map((each) => [`${each.name} ${each.version ?? ''}`, each]));
  return [...named.values()].sort((one, other) => one.name.localeCompare(other.name));
}

async function readBundled(path: string): Promise<Licence[]> {
  const text = await textOf(path);
  if (text === null) return [];
  return bundled.parse(JSON.parse(text)).map(({ name, version, identifier, text: terms }) => ({
    ...{ name, version, terms: identifier ?? null, text: terms ?? null, file: null },
  }));
}

async function readPackage(folder: string): Promise<Licence[]> {
  const text = await textOf(join(folder, 'package.json'));
  if (text === null) return [];
  const { name, version, license } = packageFile.parse(JSON.parse(text));
  return [
    { name, version, terms: license, text: await textOf(join(folder, 'LICENSE')), file: null },
  ];
}

async function natives(
  name: string,
  version: string | null,
  terms: string,
  { text, file }: { text: string; file: string },
): Promise<Licence> {
  const named = { name, version, terms };
  return { ...named, text: await textOf(text), file: existsSync(file) ? file : null };
}

async function textOf(path: string): Promise<string | null> {
  return existsSync(path) ? readFile(path, 'utf8') : null;
}
