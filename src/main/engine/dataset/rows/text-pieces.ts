/** One text out of the pieces in which its bytes are read, unless it is too long or no text. */

/** A line beyond this is a mistake rather than an example: no model has a context of 16 MiB. */
export const maximumLineBytes = 16 * 2 ** 20;

export class TextPieces {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #pieces: Uint8Array[] = [];
  /** In bytes, those that are not kept included. */
  length = 0;

  add(piece: Uint8Array): void {
    this.length += piece.length;
    if (this.length <= maximumLineBytes) this.#pieces.push(piece);
  }

  /** What was added since the last time. */
  take(): { text: string } | { reason: string } {
    const [first, ...others] = this.#pieces;
    const bytes = first && others.length === 0 ? first : Buffer.concat(this.#pieces);
    const tooLong = this.length > maximumLineBytes;
    this.#pieces = [];
    this.length = 0;
    if (tooLong) return { reason: 'it is longer than 16 MiB' };
    try {
      return { text: this.#decoder.decode(bytes) };
    } catch {
      return { reason: 'it is not UTF-8 text' };
    }
  }
}
