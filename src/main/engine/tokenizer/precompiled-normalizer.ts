/** SentencePiece's compiled map of characters (`Precompiled` in tokenizer.json), applied as the Rust library does. */

/** A unit of the double-array trie of darts-clone, in which the map is kept. */
const hasLeaf = (unit: number): boolean => ((unit >>> 8) & 1) === 1;
const valueOf = (unit: number): number => unit & 0x7fffffff;
const labelOf = (unit: number): number => (unit & 0x800000ff) >>> 0;
const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & (1 << 9)) >>> 6);

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The function that replaces what the map has.
 * @param charsmap base64: the trie's length in bytes as a uint32, the trie as uint32 units, and texts that end with a zero byte
 * @throws an Error where it is cut off
 */
export function precompiledNormalizer(charsmap: string): (text: string) => string {
  const bytes = Buffer.from(charsmap, 'base64');
  const trieBytes = bytes.length < 4 ? NaN : bytes.readUInt32LE(0);
  if (!(trieBytes % 4 === 0 && trieBytes + 4 <= bytes.length)) {
    throw new Error('its precompiled map of characters is cut off');
  }
  const trie = Uint32Array.from({ length: trieBytes / 4 }, (_, i) => bytes.readUInt32LE(4 + 4 * i));
  const texts = bytes.subarray(4 + trieBytes);

  /** The replacement of the shortest beginning of the piece that the map has. */
  const find = (piece: Uint8Array): string | null => {
    let node = offsetOf(trie[0] ?? 0);
    for (const byte of piece) {
      if (byte === 0) return null;
      node ^= byte;
      const unit = trie[node] ?? 0;
      if (labelOf(unit) !== byte) return null;
      node ^= offsetOf(unit);
      if (hasLeaf(unit)) return textAt(texts, valueOf(trie[node] ?? 0));
    }
    return null;
  };
  const cache = new Map<string, string>();
  const replaced = (grapheme: string): string => {
    const known = cache.get(grapheme);
    if (known !== undefined) return known;
    const whole = encoder.encode(grapheme);
    const found = whole.length < 6 ? find(whole) : null;
    const result =
      found ?? Array.from(grapheme, (one) => find(encoder.encode(one)) ?? one).join('');
    cache.set(grapheme, result);
    return result;
  };
  return (text) => Array.from(graphemes.segment(text), ({ segment }) => replaced(segment)).join('');
}

/** In bytes: NFKC makes 18 characters of one at most. */
const longest = 256;

function textAt(texts: Buffer, begin: number): string {
  const end = texts.indexOf(0, begin);
  const text = texts.subarray(begin, end < 0 ? texts.length : end);
  if (text.length > longest) throw new Error('its precompiled map of characters is damaged');
  return decoder.decode(text);
}
