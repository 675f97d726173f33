/** The part of an x axis that a chart shows, and how it is zoomed and moved. */
export type Stretch = { from: number; to: number };

/** Closer or wider by `factor` (2: half as much is seen) around the place at `share` of the shown width. Null is the whole. */
export function zoomed(
  shown: Stretch,
  { whole, least }: { whole: Stretch; least: number },
  factor: number,
  share = 0.5,
): Stretch | null {
  const width = Math.max((shown.to - shown.from) / factor, least);
  const at = shown.from + share * (shown.to - shown.from);
  return within(whole, at - share * width, width);
}

/** Moved by `share` of its width, no further than the whole goes. */
export function moved(shown: Stretch, whole: Stretch, share: number): Stretch | null {
  const width = shown.to - shown.from;
  return within(whole, shown.from + share * width, width);
}

/** Between two places, given as shares of the shown width in either order. */
export function between(
  shown: Stretch,
  { whole, least }: { whole: Stretch; least: number },
  one: number,
  other: number,
): Stretch | null {
  const place = (share: number) => shown.from + share * (shown.to - shown.from);
  const [from, to] = [place(Math.min(one, other)), place(Math.max(one, other))];
  const short = Math.max(0, least - (to - from));
  return within(whole, from - short / 2, to - from + short);
}

/** Pushed into the whole, its width kept; null where it shows all of it. */
function within(whole: Stretch, from: number, width: number): Stretch | null {
  if (!(width < whole.to - whole.from)) return null;
  const start = Math.min(Math.max(from, whole.from), whole.to - width);
  return { from: start, to: start + width };
}
