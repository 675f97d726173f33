/** How much of what adapters change is left in numbers that were rounded. */

/** Sums over compared numbers: ⟨W_written − W, ΔW⟩, ‖ΔW‖² and Σ (error · ΔW)². */
export class ChangeShare {
  private arrived = 0;
  private whole = 0;
  private noise = 0;

  /** One number: of the base, as it has to be, and as it is read again. */
  add(base: number, wanted: number, written: number): void {
    const change = wanted - base;
    this.arrived += (written - base) * change;
    this.whole += change ** 2;
    this.noise += ((written - wanted) * change) ** 2;
  }

  addAll({ arrived, whole, noise }: ChangeShare): void {
    this.arrived += arrived;
    this.whole += whole;
    this.noise += noise;
  }

  /**
   * Null where nothing is changed. The errors of quantising are of any sign where they know nothing of ΔW, and their products with
   * it add up like steps of chance: the deviation is the root of the sum of their squares. Where they take ΔW back, they are no
   * larger than it, and it is small.
   */
  get(): { share: number; deviation: number } | null {
    const { arrived, whole, noise } = this;
    if (whole === 0) return null;
    return { share: arrived / whole, deviation: Math.sqrt(noise) / whole };
  }
}

/** Whether the share is below `least` by more than chance moves it. */
export function isBelow({ share, deviation }: { share: number; deviation: number }, least: number) {
  return share + 4 * deviation < least;
}
