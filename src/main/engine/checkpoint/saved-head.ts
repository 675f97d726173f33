/** Heads that PEFT saves whole beside A and B (`modules_to_save`), and what their classes are called. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { listOf, recordOf } from '../../../shared/first-wrong.ts';
import { allFinite } from '../numbers/float-formats.ts';
import type { Labels } from '../model/architecture.ts';
import type { Adapter } from './adapter.ts';
import { readJsonObject } from './json-file.ts';
import type { SafetensorsFile } from './safetensors-file.ts';

const prefix = 'base_model.model.';
/** PEFT names these for every sequence classifier, whether the model has them or not. */
const usual: ReadonlySet<string> = new Set(['classifier', 'score']);

const config = z.object({
  task_type: z.literal('SEQ_CLS'),
  modules_to_save: listOf(z.string()),
});

export type SavedHead = {
  /** Names in the file by the names in the model: 'classifier.weight'. */
  tensors: ReadonlyMap<string, string>;
  /** Names of `modules_to_save`, and those of them that are accounted for. */
  declared: readonly string[];
  modules: ReadonlySet<string>;
};

/** What of a head is in an adapter's file. Older versions of PEFT write the adapter's name into the tensors' names. */
export function savedHead(
  json: Readonly<Record<string, unknown>>,
  names: Iterable<string>,
): SavedHead {
  const parsed = config.safeParse(json);
  const modules = new Set(parsed.success ? parsed.data.modules_to_save : []);
  const tensors = new Map<string, string>();
  const found = new Set<string>();
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const path = name.slice(prefix.length).replace(/\.modules_to_save\.[^.]+\./, '.');
    const module = path.split('.').find((part) => modules.has(part));
    if (module === undefined || path.includes('.lora_')) continue;
    tensors.set(path, name);
    found.add(module);
  }
  return {
    tensors,
    declared: [...modules].sort(),
    modules: new Set([...modules].filter((name) => found.has(name) || usual.has(name))),
  };
}

/** The head's values by the names in the model. Errors: adapter/bad-tensors. */
export function readSavedHead(file: SafetensorsFile, { tensors }: SavedHead): Adapter['saved'] {
  const saved = new Map(
    [...tensors].map(([path, name]) => {
      const shape = file.tensors.get(name)?.shape ?? [];
      return [path, { shape, values: file.read(name) }];
    }),
  );
  const wrong = [...saved].filter(([, { values }]) => !allFinite(values)).map(([path]) => path);
  if (wrong.length > 0) {
    const problems = wrong.map((path) => `${path} has values that are no finite numbers`);
    throw lorikeetError('adapter/bad-tensors', { path: file.path, problems });
  }
  return saved;
}

/** The names in the file of what is saved. */
export function savedTensorName(path: string): string {
  return prefix + path;
}

/** The modules that saved tensors belong to, as PEFT names them: 'classifier', and 'pooler' inside of the encoder that is adapted. */
export function savedModules({ saved, modules }: Pick<Adapter, 'saved' | 'modules'>): string[] {
  const adapted = new Set([...modules.keys()].map((path) => path.split('.')[0]));
  return [
    ...new Set(
      [...saved.keys()].map((path) => {
        const [first = path, second = path] = path.split('.');
        return adapted.has(first) ? second : first;
      }),
    ),
  ];
}

/** PEFT has no place for the names of classes; config.json's keys in a file of their own. */
const labelsName = 'labels.json';
const labelsFile = z.object({
  problem_type: z
    .enum(['single_label_classification', 'multi_label_classification', 'regression'])
    .nullable(),
  id2label: recordOf(z.string().regex(/^\d+$/), z.string()),
});

/** Null where there is no such file. Errors: adapter/bad-config. */
export function readLabels(folder: string): Labels | null {
  const path = join(folder, labelsName);
  if (!existsSync(path)) return null;
  const parsed = labelsFile.safeParse(readJsonObject(path));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.')}: ${issue.message}`,
    );
    throw lorikeetError('adapter/bad-config', { path, problems });
  }
  const { problem_type: problem, id2label } = parsed.data;
  const named = Object.entries(id2label).sort(([a], [b]) => Number(a) - Number(b));
  return { problem, names: named.map(([, name]) => name) };
}

export async function writeLabels(folder: string, { problem, names }: Labels): Promise<void> {
  const json = {
    problem_type: problem,
    id2label: Object.fromEntries(names.entries()),
    label2id: Object.fromEntries(names.map((name, i) => [name, i])),
  };
  await writeFile(join(folder, labelsName), `${JSON.stringify(json, null, 2)}\n`);
}
