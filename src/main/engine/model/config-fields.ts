/** Fields of a config.json, validated: what the schemas of all families are made of. */
import { z } from 'zod';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { listOf } from '../../../shared/first-wrong.ts';
import type { JsonObject } from './family.ts';

export const count = z.int().min(1).max(0x7fffffff);
export const epsilon = z.number().positive();
/** An id, a list of them or none. */
export const tokens = z.union([z.int(), listOf(z.int())]).nullish();

/** Errors: checkpoint/bad-config, naming every key that is not what it has to be. */
export function fieldsOf<T>(schema: z.ZodType<T>, json: JsonObject, path: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw lorikeetError('checkpoint/bad-config', { path, problems });
}

/** Negative ids are how some files say none. */
export function tokenIds(value: z.output<typeof tokens>): number[] {
  return [value ?? []].flat().filter((id) => id >= 0);
}

/** The width of a head where heads share the hidden size evenly. Errors: checkpoint/bad-config. */
export function dividedHeadDim(hidden: number, heads: number, path: string): number {
  if (hidden % heads === 0) return hidden / heads;
  const problems = [`a hidden size of ${hidden} is not a multiple of ${heads} heads`];
  throw lorikeetError('checkpoint/bad-config', { path, problems });
}
