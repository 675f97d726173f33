/** The merge list of a SentencePiece BPE vocabulary, which a GGUF file leaves out because its scores imply it. */

const longest = 1024;

/**
 * Every way to make a piece out of two other pieces, in the order in which they are tried: best score first, then the
 * longer left part, then the longer right part. This is the order of transformers' `generate_merges`
 * (convert_slow_tokenizer.py). Lengths count code points.
 */
export function mergesFromScores(
  pieces: readonly string[],
  scores: ArrayLike<number>,
): [string, string][] {
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  type Merge = { left: string; right: string; score: number; leftLength: number; length: number };
  const merges: Merge[] = [];
  pieces.forEach((piece, id) => {
    // A text that long is refused as a token; to go through its parts would take the square of its length.
    if (piece.length > longest) return;
    const characters = Array.from(piece);
    const score = scores[id] ?? 0;
    const ways: (Merge & { leftId: number; rightId: number })[] = [];
    let left = '';
    characters.slice(0, -1).forEach((character, index) => {
      left += character;
      const right = piece.slice(left.length);
      const leftId = ids.get(left);
      const rightId = ids.get(right);
      if (leftId === undefined || rightId === undefined) return;
      const length = characters.length;
      ways.push({ left, right, score, leftLength: index + 1, length, leftId, rightId });
    });
    ways.sort((a, b) => a.leftId - b.leftId || a.rightId - b.rightId);
    merges.push(...ways);
  });
  merges.sort(
    (a, b) =>
      b.score - a.score ||
      b.leftLength - a.leftLength ||
      b.length - b.leftLength - (a.length - a.leftLength),
  );
  return merges.map(({ left, right }) => [left, right]);
}
