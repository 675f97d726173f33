/** The files that make a tokenizer, as parsed JSON and text, wherever they came from. */

export type TokenizerFiles = {
  /** tokenizer.json of the `tokenizers` library. */
  tokenizerJson: Record<string, unknown>;
  /** tokenizer_config.json; may be empty. */
  tokenizerConfig: Record<string, unknown>;
  /** The Jinja source of the chat template; null for a model without one. */
  chatTemplate: string | null;
  /** generation_config.json, where there is one. */
  generationConfig: Record<string, unknown> | null;
};
