/** Programs that nobody uses now, as TensorFlow has compiled them: who computes with the same one next does not wait for the compiler. */
import type { Binding } from '../runtime/binding.ts';

/** Compiled code alone, of a size that memory does not show: a run has one to three of them. */
const most = 6;

/** TensorFlow's numbers of them by their contents; those that were used last are at the end. */
const idle = new Map<string, number>();

/** The program of these contents, which is the caller's from now on; null where it is not there. */
export function takeIdle(contents: string): number | null {
  const id = idle.get(contents) ?? null;
  idle.delete(contents);
  return id;
}

/** Keeps a program whose variables are released; the one that was unused longest makes room. */
export function keepIdle(binding: Binding, contents: string, id: number): void {
  // The same one may have been used twice at a time.
  const same = takeIdle(contents);
  if (same !== null) binding.deleteSavedModel(same);
  idle.set(contents, id);
  const [oldest] = idle.keys();
  const surplus = idle.size > most && oldest !== undefined ? takeIdle(oldest) : null;
  if (surplus !== null) binding.deleteSavedModel(surplus);
}
