/**
 * What a base is called: sizes say nothing of the weights that an adapter was trained on, and names may. A model has many names: two
 * of them are of one model as soon as a way to read them is the same.
 */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { shortened } from '../../../shared/errors/shortened.ts';
import { shownJson } from '../../../shared/shown-json.ts';

/** What a file of llama.cpp says of its weights: '-Q4_K_M', '.IQ2_XXS'. */
const quantised =
  /[-_. ](?:i?q|tq)\d(?:_(?:\d|k|nl|xx?s|xl|[sml]))*(?=$|[-_. ])|[-_. ]mxfp4(?:_moe)?/g;
/** Words that say how weights are held, and not which they are. */
const held =
  /^(?:gguf|ggml|mlx|hf|unsloth|ud|i1|imat|imatrix|bnb|awq|gptq|dwq|exl\d|[48]bit|nf4|fp[48]|int[48]|b?f(?:loat)?(?:16|32)|fp(?:16|32)|double|sharded)$/;
/** Names of files and folders that are the same for every model. */
const ofAny = /^(?:model|ggml-model|checkpoint-\d+|main|(?:sha256-)?[0-9a-f]{12,}|\.*)$/;
const file = /(?:-\d{5}-of-\d{5})?\.(?:gguf|safetensors)$/;
/** Longer than any path. */
const longest = 4096;

/** Each way to read the name of a base out of its path, or its repository's name, as words in order; none where it has no name. */
function baseNames(path: string): ReadonlySet<string> {
  if (path.length > longest) return new Set();
  const parts = path
    .trim()
    .toLowerCase()
    .split(/[\\/]+/)
    .filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  const names = ofAny.test(last.replace(file, '')) ? [] : [last.replace(file, '')];
  if (names.length > 0 && file.test(last)) names.push(parts.at(-2) ?? '');
  // Hugging Face's cache: models--ORG--NAME/snapshots/COMMIT.
  const repository = parts.findLast((part) => part.startsWith('models--'));
  if (repository !== undefined) names.push(repository.split('--').at(-1) ?? '');
  // Files are also called ORG_NAME.
  const read = names.flatMap((name) => [name, name.replace(/^[^_]*_/, '')]).map(wordsOf);
  return new Set(read.filter((words) => words !== ''));
}

function wordsOf(name: string): string {
  const words = name
    .replace(quantised, '')
    .replace(/\b([48])-bit\b/g, '$1bit')
    .split(/[-_. ]+/)
    .filter((word) => word !== '' && !held.test(word));
  return [...new Set(words)].sort().join(' ');
}

/** The names of a base where it lies, through links as well. */
function namesHere(path: string): ReadonlySet<string> {
  const links = () => {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  };
  return new Set([...baseNames(resolve(path)), ...baseNames(links())]);
}

function areTwo(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size > 0 && other.size > 0 && ![...one].some((name) => other.has(name));
}

/** What an adapter's file says of its base, in letters that a terminal can be given. */
const shown = (named: string): string => shortened(shownJson(named).replace(/\p{Cc}/gu, ' '));

/** What to say of an adapter that names another base than the one at `base`; null where that is nothing. */
export function otherName(path: string, named: string | null, base: string): string | null {
  if (named === null || !areTwo(baseNames(named), namesHere(base))) return null;
  return `The adapter ${path} names ${shown(named)} as its base, and is used with ${base}. If these are not one model under two names, its answers mean nothing.`;
}

/** What to say of adapters that name several bases and are used with one that has no name, in sentences. */
export function severalNames(named: readonly (string | null)[], base: string): string[] {
  const [first = '', ...others] = named.filter((name) => name !== null);
  const other = others.find((each) => areTwo(baseNames(first), baseNames(each)));
  if (other === undefined || namesHere(base).size > 0) return [];
  return [
    `The adapters name different bases: ${shown(first)} and ${shown(other)}. If these are not one model under several names, what they answer together means nothing.`,
  ];
}
