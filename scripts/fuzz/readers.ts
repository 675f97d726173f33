/** Everything that reads a file which somebody else has made: where sound files of its kind are, how they are changed, and how read. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../lib/project.ts';
import { ggufPlaces } from './gguf-places.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';
import { csvWords, mutateJsonLines, mutateWords, templateWords } from './mutate-lines.ts';
import { mutateSafetensors } from './mutate-safetensors.ts';
import type { Random } from './pick.ts';
import {
  readAdapterFolder,
  readDataFile,
  readModel,
  readOriginFile,
  readVariantsFile,
} from './read.ts';

export type Reader = {
  name: string;
  /** Sound files; the ones beside each belong to it. */
  seeds: readonly [string, ...string[]];
  mutate: (bytes: Buffer, random: Random) => Buffer;
  /** Reads all that there is, as a person's next steps would. `path` is the changed file, its neighbours beside it. */
  read: (path: string) => unknown;
};

function fixtures(...patterns: string[]): [string, ...string[]] {
  const folder = join(project, 'test/fixtures');
  const [first, ...others] = globSync(patterns, { cwd: folder }).sort();
  if (first === undefined) throw new Error(`no fixture is called ${patterns.join(', ')}`);
  const whole = (path: string) => join(folder, path);
  return [whole(first), ...others.map(whole)];
}

const own = (name: string) => join(project, 'scripts/fuzz/seeds', name);

/** Counts and lengths of a Parquet file are in its footer and at the beginning of its pages. */
function mutateParquet(bytes: Buffer, random: Random): Buffer {
  const footer = bytes.readUInt32LE(bytes.length - 8) + 8;
  const places = Array.from({ length: footer }, (_, i) => bytes.length - footer + i);
  const pages = Array.from({ length: 40 }, (_, i) => 4 + i);
  return mutateBytes(bytes, random, [...places, ...pages]);
}

const models =
  'models/{tiny-tied,tiny-untied-bf16-sharded,tiny-gpt2,tiny-gemma3,tiny-qwen2-moe,tiny-phi3-longrope}';
const quantised = 'models/tiny-{tied-fp4,tied-int8,tied-nf4,tied-nf4-double}';
const adapters = 'adapters/{all-linear,dora,patterns,regex,tiny-mixtral-experts,together}';
const classifiers = 'classifiers/tiny-{bert,distilbert,qwen3-score}';

export const readers: readonly [Reader, ...Reader[]] = [
  {
    name: 'safetensors',
    seeds: fixtures(`${models}/*.safetensors`),
    mutate: mutateSafetensors,
    read: readModel,
  },
  {
    name: 'bitsandbytes',
    seeds: fixtures(`${quantised}/*.safetensors`),
    mutate: mutateSafetensors,
    read: readModel,
  },
  {
    name: 'gguf',
    seeds: fixtures('gguf/tiny-{untied,gpt2,gemma2-plain,qwen2,mixtral}.gguf'),
    mutate: (bytes, random) => mutateBytes(bytes, random, ggufPlaces(bytes)),
    read: readModel,
  },
  {
    name: 'config',
    seeds: fixtures(
      `${models}/config.json`,
      `${classifiers}/model/config.json`,
      `${quantised}/config.json`,
    ),
    mutate: mutateJson,
    read: readModel,
  },
  {
    name: 'generation-config',
    seeds: fixtures(`${models}/generation_config.json`),
    mutate: mutateJson,
    read: readModel,
  },
  {
    name: 'weight-index',
    seeds: fixtures('models/*/model.safetensors.index.json'),
    mutate: mutateJson,
    read: readModel,
  },
  {
    name: 'tokenizer',
    seeds: fixtures('tokenizer-kinds/[a-oq-z]*.json', 'models/tiny-tied/tokenizer.json'),
    mutate: mutateJson,
    read: readModel,
  },
  {
    name: 'tokenizer-config',
    seeds: fixtures(`${models}/tokenizer_config.json`),
    mutate: mutateJson,
    read: readModel,
  },
  {
    name: 'template',
    seeds: fixtures(`${models}/chat_template.jinja`),
    mutate: mutateWords(templateWords),
    read: readModel,
  },
  {
    name: 'adapter-config',
    seeds: fixtures(
      `${adapters}/adapter_config.json`,
      `${classifiers}/adapter/adapter_config.json`,
    ),
    mutate: mutateJson,
    read: readAdapterFolder,
  },
  {
    name: 'adapter',
    seeds: fixtures(
      `${adapters}/adapter_model.safetensors`,
      `${classifiers}/adapter/adapter_model.safetensors`,
    ),
    mutate: mutateSafetensors,
    read: readAdapterFolder,
  },
  {
    name: 'origin',
    seeds: [own('lorikeet-origin.json')],
    mutate: mutateJson,
    read: readOriginFile,
  },
  {
    name: 'training-record',
    seeds: [own('lorikeet-training.json')],
    mutate: mutateJson,
    read: readOriginFile,
  },
  { name: 'variants', seeds: [own('variants.json')], mutate: mutateJson, read: readVariantsFile },
  {
    name: 'jsonl',
    seeds: [join(project, 'resources/samples/smart-home.validation.jsonl')],
    mutate: mutateJsonLines,
    read: readDataFile,
  },
  { name: 'json', seeds: [own('rows.json')], mutate: mutateJson, read: readDataFile },
  { name: 'csv', seeds: [own('rows.csv')], mutate: mutateWords([...csvWords]), read: readDataFile },
  { name: 'tsv', seeds: [own('rows.tsv')], mutate: mutateWords([...csvWords]), read: readDataFile },
  {
    name: 'parquet',
    seeds: fixtures('parquet/*.parquet'),
    mutate: mutateParquet,
    read: readDataFile,
  },
];
