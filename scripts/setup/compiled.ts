/** Steps that compile a native module into the folder of the runtime, anew whenever its recipe is another or the module is. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { place } from '../lib/place.ts';
import { project } from '../lib/project.ts';
import { answers, run } from '../lib/run.ts';
import { SetupError } from '../lib/setup-error.ts';
import type { Step } from './step.ts';
import { runtimeFolder } from './tensorflow.ts';

/** Of Node-API, against which the modules are compiled. */
export const nodeApiHeaders = join(project, 'node_modules/node-api-headers/include');

export type NativeModule = {
  /** Of the step. */
  name: string;
  /** What its file is called, without `.node`. */
  file: string;
  /** Told to people: '10 to 20 s'. */
  takes: string;
  /** All that the module depends on, as text. Asked when node_modules is there. */
  recipe: () => readonly string[];
  /** What g++ is given besides the output. */
  args: () => readonly string[];
};

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The step that compiles it: done while recipe and module are those of the last time that it ran. */
export function compiled({ name, file, takes, recipe, args }: NativeModule): Step {
  const paths = () => {
    const folder = runtimeFolder();
    return { folder, module: join(folder, `${file}.node`), stamp: join(folder, `${file}.recipe`) };
  };
  /** Of the recipe and of what came of it: a module that another compiler run put there is not taken for this one. */
  const stampOf = (module: string) =>
    `${sha256(recipe().join('\n'))}\n${sha256(readFileSync(module))}\n`;
  return {
    name,
    done: () => {
      const { module, stamp } = paths();
      if (!existsSync(module) || !existsSync(stamp)) return false;
      return readFileSync(stamp, 'utf8') === stampOf(module);
    },
    run: async (tell) => {
      if (!(await answers('g++', ['--version'])))
        throw new SetupError('A C++ compiler (g++) is missing.', 'apt-get install g++');
      const { folder, module, stamp } = paths();
      tell(`compiling (${takes})`);
      mkdirSync(folder, { recursive: true });
      await place(module, async (work) => {
        const output = join(work, `${file}.node`);
        await run('g++', [...args(), '-o', output], { quiet: true });
        return output;
      });
      const load = `process.dlopen({ exports: {} }, ${JSON.stringify(module)})`;
      await run(process.execPath, ['-e', load], {
        quiet: true,
        env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
      });
      await place(stamp, (work) => {
        const written = join(work, 'stamp');
        writeFileSync(written, stampOf(module));
        return Promise.resolve(written);
      });
    },
  };
}

/** The files of a folder of ours that end so, in order. */
export function sourcesIn(folder: string, ending: string): readonly string[] {
  const path = join(project, folder);
  return readdirSync(path)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(path, name));
}
