/** The tokenizer's keys of a GGUF file, checked before they are believed. */
import { z } from 'zod';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { listOf } from '../../../shared/first-wrong.ts';
import type { NamedTemplate } from './named-templates.ts';

/** Values of `tokenizer.ggml.token_type`, from llama.cpp's llama.h. */
export const tokenType = {
  normal: 1,
  unknown: 2,
  control: 3,
  userDefined: 4,
  unused: 5,
  byte: 6,
} as const;

/** Tokens with a role, and the key of each: the separator's is misspelt in the format. */
export const roleKeys = {
  bos: 'bos',
  eos: 'eos',
  eot: 'eot',
  eom: 'eom',
  unknown: 'unknown',
  padding: 'padding',
  separator: 'seperator',
  classifier: 'cls',
  mask: 'mask',
} as const;
export type Role = keyof typeof roleKeys;

const integer = z.union([z.int(), z.bigint().transform(Number)]);
const tokenId = integer.optional();

const metadataShape = z.object({
  'tokenizer.ggml.model': z.string(),
  'tokenizer.ggml.pre': z.string().optional(),
  'tokenizer.ggml.tokens': listOf(z.string(), { least: 1 }),
  'tokenizer.ggml.token_type': listOf(integer).optional(),
  'tokenizer.ggml.scores': listOf(z.number()).optional(),
  'tokenizer.ggml.merges': listOf(z.string()).optional(),
  'tokenizer.ggml.bos_token_id': tokenId,
  'tokenizer.ggml.eos_token_id': tokenId,
  'tokenizer.ggml.eot_token_id': tokenId,
  'tokenizer.ggml.eom_token_id': tokenId,
  'tokenizer.ggml.unknown_token_id': tokenId,
  'tokenizer.ggml.padding_token_id': tokenId,
  'tokenizer.ggml.seperator_token_id': tokenId,
  'tokenizer.ggml.cls_token_id': tokenId,
  'tokenizer.ggml.mask_token_id': tokenId,
  'tokenizer.ggml.add_bos_token': z.boolean().optional(),
  'tokenizer.ggml.add_space_prefix': z.boolean().optional(),
  'tokenizer.ggml.remove_extra_whitespaces': z.boolean().optional(),
  'tokenizer.ggml.precompiled_charsmap': listOf(z.int()).optional(),
  'tokenizer.chat_template': z.string().optional(),
});

/** Templates beside the usual one: tokenizer.chat_template.tool_use and the like. */
const templateKey = 'tokenizer.chat_template.';

/** A GGUF file's vocabulary under plain names; ids are inside the vocabulary. */
export type GgufVocabulary = {
  model: string;
  /** The name of the split rule; null in files from before there were names. */
  pre: string | null;
  tokens: string[];
  types: number[];
  scores: number[] | null;
  merges: string[] | null;
  /** Ids of the tokens with a role. */
  ids: Readonly<Record<Role, number | null>>;
  addBos: boolean | null;
  addSpacePrefix: boolean;
  removeExtraSpaces: boolean;
  /** SentencePiece's compiled map of characters. */
  charsmap: readonly number[] | null;
  /** By name; the usual one is "default". */
  chatTemplates: NamedTemplate[];
};

/**
 * Reads the tokenizer's keys out of GGUF key-values.
 * @throws tokenizer/damaged with every key that is missing or has another type
 */
export function readGgufVocabulary(
  metadata: Record<string, unknown>,
  path: string,
): GgufVocabulary {
  const parsed = metadataShape.safeParse(metadata);
  if (!parsed.success) {
    const reason = parsed.error.issues
      .slice(0, 5)
      .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      .join('; ');
    throw lorikeetError('tokenizer/damaged', { path, reason });
  }
  const data = parsed.data;
  const tokens = data['tokenizer.ggml.tokens'];
  const types = data['tokenizer.ggml.token_type'] ?? tokens.map(() => tokenType.normal);
  const scores = data['tokenizer.ggml.scores'] ?? null;
  for (const [key, list] of Object.entries({ token_type: types, scores })) {
    if (list !== null && list.length !== tokens.length) {
      const reason = `it has ${tokens.length} tokens but ${list.length} values in tokenizer.ggml.${key}`;
      throw lorikeetError('tokenizer/damaged', { path, reason });
    }
  }
  const inside = (role: Role): number | null => {
    const id = data[`tokenizer.ggml.${roleKeys[role]}_token_id`];
    return id !== undefined && id >= 0 && id < tokens.length ? id : null;
  };
  return {
    model: data['tokenizer.ggml.model'],
    pre: data['tokenizer.ggml.pre'] ?? null,
    tokens,
    types,
    scores,
    merges: data['tokenizer.ggml.merges'] ?? null,
    ids: {
      bos: inside('bos'),
      eos: inside('eos'),
      eot: inside('eot'),
      eom: inside('eom'),
      unknown: inside('unknown'),
      padding: inside('padding'),
      separator: inside('separator'),
      classifier: inside('classifier'),
      mask: inside('mask'),
    },
    addBos: data['tokenizer.ggml.add_bos_token'] ?? null,
    addSpacePrefix: data['tokenizer.ggml.add_space_prefix'] ?? true,
    removeExtraSpaces: data['tokenizer.ggml.remove_extra_whitespaces'] ?? false,
    charsmap: data['tokenizer.ggml.precompiled_charsmap'] ?? null,
    chatTemplates: templatesOf(metadata, data['tokenizer.chat_template']),
  };
}

function templatesOf(
  metadata: Record<string, unknown>,
  usual: string | undefined,
): NamedTemplate[] {
  const named = Object.entries(metadata).flatMap(([key, template]) =>
    key.startsWith(templateKey) && typeof template === 'string'
      ? [{ name: key.slice(templateKey.length), template }]
      : [],
  );
  return usual === undefined ? named : [{ name: 'default', template: usual }, ...named];
}
