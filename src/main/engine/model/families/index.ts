/** The model families, each found by the name that a model's files give it. A family more is a file and a line here. */
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import type { Architecture } from '../architecture.ts';
import { asClassifier, labelsIn, tellOtherLabels } from '../classifier.ts';
import { dropoutsIn } from '../config-keys.ts';
import type { Family, GgufFamily, JsonObject } from '../family.ts';
import { bert } from './bert.ts';
import { distilbert } from './distilbert.ts';
import { gemma2 } from './gemma2.ts';
import { gemma3 } from './gemma3.ts';
import { gptNeox } from './gpt-neox.ts';
import { gpt2 } from './gpt2.ts';
import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import { mixtral } from './mixtral.ts';
import { olmoe } from './olmoe.ts';
import { phi3 } from './phi3.ts';
import { qwen2Moe } from './qwen2-moe.ts';
import { qwen2 } from './qwen2.ts';
import { qwen3Moe } from './qwen3-moe.ts';
import { qwen3 } from './qwen3.ts';
import { roberta } from './roberta.ts';

const families: readonly Family[] = [
  ...[llama, mistral, qwen2, qwen3, gemma2, gemma3, phi3],
  ...[mixtral, qwen2Moe, qwen3Moe, olmoe],
  ...[gpt2, gptNeox],
  ...[bert, roberta, distilbert],
];

const byModelType = new Map(
  families.flatMap((family) => family.modelTypes.map((type) => [type, family])),
);
const byGgufArchitecture = new Map(
  families.flatMap(({ gguf }) => (gguf ? [[gguf.architecture, gguf]] : [])),
);

/**
 * The architecture that a Hugging Face config.json describes.
 * Errors: checkpoint/unknown-architecture, checkpoint/bad-config, and those of `Family.parse`.
 */
export function parseArchitecture(json: JsonObject, path: string): Architecture {
  const type = modelTypeOf(json);
  const family = byModelType.get(type);
  if (!family) throw unknownArchitecture(path, type, [...byModelType.keys()]);
  const parsed = family.parse(json, path);
  const architecture: Architecture = {
    ...parsed,
    labels: null,
    huggingFaceConfig: (dtype) => ({ ...parsed.huggingFaceConfig(dtype), ...dropoutsIn(json) }),
  };
  const labels = labelsIn(json, path);
  if (labels === null) return architecture;
  const notices = [...architecture.notices, ...tellOtherLabels(json, labels)];
  return asClassifier({ ...architecture, notices }, labels);
}

/** The family of a GGUF file by its `general.architecture`. Errors: checkpoint/unknown-architecture. */
export function ggufFamily(architecture: unknown, path: string): GgufFamily {
  const name = typeof architecture === 'string' ? architecture : 'not named';
  const family = byGgufArchitecture.get(name);
  if (!family) throw unknownArchitecture(path, name, [...byGgufArchitecture.keys()]);
  return family;
}

function unknownArchitecture(path: string, architecture: string, known: string[]) {
  return lorikeetError('checkpoint/unknown-architecture', { path, architecture, known });
}

/** `model_type`, or where it is missing the class named in `architectures`. */
function modelTypeOf({ model_type: modelType, architectures }: JsonObject): string {
  if (typeof modelType === 'string') return modelType;
  const named: unknown = Array.isArray(architectures) ? architectures[0] : undefined;
  return typeof named === 'string' ? named : 'not named';
}
