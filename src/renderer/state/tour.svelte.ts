/** Which of the first steps is shown. They come by themselves at the very first start, and once they are over only when asked for. */
import { tourSteps } from '../lib/tour-steps.ts';

const key = 'tour';
const over = 'over';

class Tour {
  /** From 0; null while none is shown. */
  at = $state<number | null>(localStorage.getItem(key) === over ? null : 0);
  readonly step = $derived(this.at === null ? null : (tourSteps[this.at] ?? null));
  readonly last = $derived(this.at === tourSteps.length - 1);

  begin(): void {
    this.at = 0;
  }

  back(): void {
    if (this.at !== null) this.at = Math.max(0, this.at - 1);
  }

  next(): void {
    if (this.at === null || this.last) this.end();
    else this.at += 1;
  }

  end(): void {
    this.at = null;
    localStorage.setItem(key, over);
  }
}

export const tour = new Tour();
