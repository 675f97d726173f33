/** Tokens that a model's files name by their ids: which end an answer, and which the model does not have. */
import { z } from 'zod';
import { listed } from '../../../shared/errors/listed.ts';
import { fieldsOf, tokens } from '../model/config-fields.ts';
import type { JsonObject } from '../model/family.ts';

const ends = z.object({ eos_token_id: tokens });

/**
 * generation_config.json names further tokens that end an answer; generation obeys both files. Empty where it names none, or
 * where config.json names something else than ids, which its family refuses.
 * @param path of generation_config.json
 * Errors: checkpoint/bad-config.
 */
export function generationEnds(
  config: JsonObject,
  generation: JsonObject,
  path: string,
): JsonObject {
  const more = fieldsOf(ends, generation, path).eos_token_id ?? null;
  const own = ends.safeParse(config);
  if (more === null || !own.success) return {};
  return { eos_token_id: [...new Set([own.data.eos_token_id ?? [], more].flat())] };
}

/** A sentence about ids from `rows` on, which the embedding has no row for. -1 is how some files say none. */
export function tellUnknownIds(json: JsonObject, file: string, rows: number): string[] {
  const unknown = Object.entries(json)
    .filter(([key]) => key.endsWith('_token_id'))
    .flatMap(([key, value]) =>
      [value]
        .flat()
        .flatMap((id) => (Number(id) >= rows || Number(id) < -1 ? [`${key} ${String(id)}`] : [])),
    );
  if (unknown.length === 0) return [];
  return [
    `The model's ${file} names tokens that the model does not have: ${listed(unknown, 8)}. Its vocabulary ends with ${rows - 1}.`,
  ];
}
