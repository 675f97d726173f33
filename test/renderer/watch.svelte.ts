/** Runs a function again whenever the state that it reads changes, as a component would. */

/** Returns a function that ends the watching. */
export function watch(run: () => void): () => void {
  return $effect.root(() => {
    $effect(run);
  });
}
