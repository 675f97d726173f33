/** Which linear modules a person means by a name. */

/**
 * The module that has this very name, else all whose path ends with it, as PEFT reads target_modules: 'c_proj' means both
 * 'attn.c_proj' and 'mlp.c_proj' of GPT-2.
 */
export function modulesCalled<M extends { name: string; path: string }>(
  name: string,
  modules: readonly M[],
): M[] {
  const own = modules.filter((module) => module.name === name);
  return own.length > 0 ? own : modules.filter(({ path }) => isEndOf(name, path));
}

/** Whether the last parts of a path are these: 'self_attn.q_proj' of 'model.layers.0.self_attn.q_proj'. */
export function isEndOf(end: string, path: string): boolean {
  return path === end || path.endsWith(`.${end}`);
}
