/** What the box of an answer says: the answer, or why there is nothing to be read in it. */
export function answerText(text: string): string {
  if (text === '') return '(an empty answer)';
  return text.trim() === '' ? '(nothing but white space)' : text;
}
