/** How charts are looked at, the same on every page. */
import type { XAxis } from '../lib/x-axes.ts';

class View {
  axis = $state<XAxis>('step');
  /** Weight of the past in the smoothed curve, in [0, 1); 0 is the raw curve. */
  smoothing = $state(0.8);
  logarithmic = $state(false);
}

export const view = new View();
