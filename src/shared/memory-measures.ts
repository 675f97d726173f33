/** What was measured of the memory of a run, for the estimate from its graph and for the rough one from sizes alone. */

/**
 * What a process holds besides tensors, in bytes; measured on Linux with Node 24 and libtensorflow 2.21, part by part, on
 * models of 3 and 30 layers and vocabularies of 288 and 49,152 tokens.
 */
export const measured = {
  /** Node, libtensorflow, and XLA with the programs that it compiles. */
  process: 600e6,
  /** A node of the graph, in TypeScript, as protocol buffer and in TensorFlow. */
  node: 35e3,
  /** A token of the vocabulary, in the tokenizer. */
  token: 1600,
  /** What was read of the weights and is no longer needed stays until so much has come together. */
  reading: 64e6,
};

/**
 * Vectors of the size of all that LoRA trains. Five variables: the parameters, two moments, the gradient sum, the relative
 * rates. And in JavaScript the parameters and rates that two of them were set to, those of the best validation, and four while a
 * checkpoint is written.
 */
export const parameterVectors = 12;

/** And for prompts that are answered under way: what the adapters are read from, as it is fed, and as matrices. */
export const answerVectors = 3;

/** Memory that the allocator holds and does not use, as a share of what a step holds; measured. */
export const fragmentation = 0.15;
