/** How often a page is drawn for news that come faster than anybody reads. */

/** Milliseconds. Whoever computes waits while the page is drawn: some 10 ms each time on two cores without a GPU. */
const pause = 250;

/**
 * Returns what is to be called for each news: it calls `show` at once where that was not called lately, and otherwise as soon as
 * the time is over, once for all that came meanwhile.
 * @param leastGap milliseconds between two calls of `show`, where a quarter of a second is not enough
 */
export function paced(show: () => void, leastGap: () => number = () => 0): () => void {
  let waiting = false;
  let shown = -Infinity;
  const showNow = (): void => {
    waiting = false;
    shown = performance.now();
    show();
  };
  return () => {
    if (waiting) return;
    const left = shown + Math.max(pause, leastGap()) - performance.now();
    waiting = left > 0;
    if (waiting) setTimeout(showNow, left);
    else showNow();
  };
}
