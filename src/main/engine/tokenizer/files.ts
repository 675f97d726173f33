/** The files that make a tokenizer, as parsed JSON and text, wherever they came from. */

export type TokenizerFiles = {
  /** tokenizer.json of the `tokenizers` library, with the tokens that only other files name. */
  readonly tokenizerJson: Record<string, unknown>;
  /** The file itself, where it says all of this, so that a copy has everything as it was, down to the order of the keys. */
  readonly tokenizerFile: Uint8Array | null;
  /** tokenizer_config.json; may be empty. */
  tokenizerConfig: Record<string, unknown>;
  /** The Jinja source of the chat template; null for a model without one. */
  chatTemplate: string | null;
  /** The file that has it, for errors. */
  chatTemplatePath?: string;
  /** generation_config.json, where there is one. */
  generationConfig: Record<string, unknown> | null;
  /** What was guessed or chosen while they were read, in sentences for a person. */
  notices: readonly string[];
};
