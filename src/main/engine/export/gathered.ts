/** The pieces of a tensor as one array of so many bytes. */
export async function gathered(
  pieces: AsyncIterable<Uint8Array>,
  bytes: number,
): Promise<Uint8Array> {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for await (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
