/** Data formats in words. */

const formatNames: Record<string, string> = {
  messages: 'chat messages',
  'prompt/completion': 'prompt and completion',
  'instruction/input/output': 'instruction, input and output',
  conversations: 'conversations',
  conversation: 'conversations',
  text: 'plain text',
  'text/label': 'text and label',
};

/** The formats of a data file, as a person calls them. */
export function sayFormats(formats: readonly string[]): string {
  return formats.map((format) => formatNames[format] ?? format).join(', ');
}
