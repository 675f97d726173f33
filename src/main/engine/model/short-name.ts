/** What a module is called where its whole path is not needed. */
import { isEndOf } from '../../../shared/modules-called.ts';

/**
 * The shortest end of a path that no other of `all` has, which is how PEFT means one module by a name: 'q_proj', but
 * 'attn.c_proj' beside 'mlp.c_proj'. Null where the whole path is the end of another.
 */
export function shortName(path: string, all: readonly string[]): string | null {
  const parts = path.split('.');
  const ends = parts.map((_, i) => parts.slice(parts.length - 1 - i).join('.'));
  const others = all.filter((other) => other !== path);
  return ends.find((end) => !others.some((other) => isEndOf(end, other))) ?? null;
}
