/** Wheel, pointer and keyboard on the plot of a chart as zooming and moving along its x axis. */
import { between, moved, zoomed, type Stretch } from './stretch.ts';

export type Zoom = {
  whole: Stretch;
  /** What is shown; null for the whole. */
  shown: Stretch | null;
  /** The shortest stretch. */
  least: number;
};

export type Zooming = {
  of: () => Zoom;
  /** Pixels of the page between which x is drawn. */
  area: () => { left: number; width: number };
  show: (stretch: Stretch | null) => void;
  /** A stretch is being marked, as shares of the area; null when that is over. */
  mark: (marked: { from: number; to: number } | null) => void;
};

/** One press or notch makes it so much closer. */
export const notch = 1.5;
/** One press moves by so much of what is shown. */
const stride = 0.2;
/** A pointer that moved less than this has clicked; pixels. */
const click = 4;

/** What a key does to the stretch; undefined where it does nothing. */
export function afterKey(key: string, zoom: Zoom): Stretch | null | undefined {
  const { whole } = zoom;
  const shown = zoom.shown ?? whole;
  switch (key) {
    case '+':
    case '=':
      return zoomed(shown, zoom, notch);
    case '-':
      return zoomed(shown, zoom, 1 / notch);
    case '0':
      return null;
    case 'ArrowLeft':
      return moved(shown, whole, -stride);
    case 'ArrowRight':
      return moved(shown, whole, stride);
    case 'Home':
      return moved(shown, whole, -Infinity);
    case 'End':
      return moved(shown, whole, Infinity);
    default:
      return undefined;
  }
}

/** Listens on `plot`, which can be focused from then on, until what it returns is called. */
export function makeZoomable(plot: HTMLElement, { of, area, show, mark }: Zooming): () => void {
  const shownOf = (zoom: Zoom) => zoom.shown ?? zoom.whole;
  const shareAt = (x: number) => {
    const { left, width } = area();
    return Math.min(1, Math.max(0, (x - left) / width));
  };
  /** Where a pointer went down, and whether what is shown goes along with it or is to be marked. */
  let held: { x: number; begun: Stretch; moves: boolean } | null = null;

  function onWheel(event: WheelEvent): void {
    // The page scrolls unless the chart was chosen; a pinch comes as a wheel with Ctrl.
    if (!event.ctrlKey && document.activeElement !== plot) return;
    event.preventDefault();
    const zoom = of();
    const across = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const turned = event.deltaX + event.deltaY;
    show(
      across
        ? moved(shownOf(zoom), zoom.whole, turned / area().width)
        : zoomed(shownOf(zoom), zoom, Math.exp(-turned / 300), shareAt(event.clientX)),
    );
  }

  function onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    const zoom = of();
    held = {
      x: event.clientX,
      begun: shownOf(zoom),
      moves: zoom.shown !== null && !event.shiftKey,
    };
    plot.setPointerCapture(event.pointerId);
  }

  function onMove(event: PointerEvent): void {
    if (held === null) return;
    const by = event.clientX - held.x;
    if (held.moves) show(moved(held.begun, of().whole, -by / area().width) ?? held.begun);
    else mark({ from: shareAt(held.x), to: shareAt(event.clientX) });
  }

  function onUp(event: PointerEvent): void {
    if (held === null) return;
    const { x, begun, moves } = held;
    held = null;
    mark(null);
    const isClick = Math.abs(event.clientX - x) < click;
    if (moves || isClick || event.type === 'pointercancel') return;
    show(between(begun, of(), shareAt(x), shareAt(event.clientX)));
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const after = afterKey(event.key, of());
    if (after === undefined) return;
    event.preventDefault();
    show(after);
  }

  const ending = new AbortController();
  const { signal } = ending;
  plot.tabIndex = 0;
  plot.addEventListener('wheel', onWheel, { signal, passive: false });
  plot.addEventListener('pointerdown', onDown, { signal });
  plot.addEventListener('pointermove', onMove, { signal });
  plot.addEventListener('pointerup', onUp, { signal });
  plot.addEventListener('pointercancel', onUp, { signal });
  plot.addEventListener('dblclick', () => show(null), { signal });
  plot.addEventListener('keydown', onKey, { signal });
  return () => {
    ending.abort();
  };
}
