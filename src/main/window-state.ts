/** Where the window was when it was last closed. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const windowState = z.object({
  /** Null: where the desktop puts it. */
  corner: z.object({ x: z.int(), y: z.int() }).nullable(),
  width: z.int().min(900),
  height: z.int().min(600),
  maximized: z.boolean(),
});
export type WindowState = z.output<typeof windowState>;
type Area = { x: number; y: number; width: number; height: number };

const first: WindowState = { corner: null, width: 1280, height: 820, maximized: false };

/** The state kept in `path`; a first one if there is none that can be read. */
export function readWindowState(path: string): WindowState {
  try {
    return windowState.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return first;
  }
}

/** The state without a place that no screen shows any more, such as one that was unplugged. */
export function fitToScreens(state: WindowState, screens: readonly Area[]): WindowState {
  const { corner, width } = state;
  if (corner === null) return state;
  // The middle of the title bar has to be within reach.
  const middle = corner.x + width / 2;
  const visible = screens.some(
    ({ x, y, width: across, height: down }) =>
      middle >= x && middle < x + across && corner.y >= y && corner.y < y + down,
  );
  return visible ? state : { ...state, corner: null };
}

/** Keeps the state in `path`; it is not worth a message if that fails. */
export function keepWindowState(path: string, state: WindowState): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(state));
  } catch {
    // The window then opens in its first place next time.
  }
}
