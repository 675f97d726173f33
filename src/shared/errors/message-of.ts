/** What a thrown value has to say, whatever it is. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * What a library says of a file, or `instead` where it met something that it had not thought of, which the JavaScript engine tells
 * in terms of the library's code.
 */
export function saidOf(thrown: unknown, instead: string): string {
  const ofEngine = thrown instanceof TypeError || thrown instanceof RangeError;
  const message = messageOf(thrown);
  // Memory that the system refuses says nothing of the file.
  return ofEngine && !message.includes('allocation failed') ? instead : message;
}
