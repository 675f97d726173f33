// @ts-check
/** The stages of the engine in their order: what lies in one may import what lies in it and in those before it. */

/** Folders of src/main/engine/, and the single files that stand between them. */
export const stages = [
  'once.ts',
  'within-time.ts',
  'random.ts',
  'numbers/',
  'process-memory.ts',
  'limits/',
  'available-memory.ts',
  'dataset/',
  'tokenizer/',
  'batch/',
  'runtime/',
  'ggml/',
  'packed/',
  'graph/',
  'model/',
  'checkpoint/',
  'origin/',
  'lora/',
  'compose/',
  'task/',
  'score/',
  'generate/',
  'train/',
  'export/',
  'resume/',
  'policy.ts',
  'commands/',
];

/** What computes graphs knows nothing of language: these may be taken away from the stages before. */
export const withoutLanguage = {
  stages: ['runtime/', 'graph/'],
  never: ['dataset/', 'tokenizer/', 'batch/'],
};

/** Circles of types that are one data structure in several files. */
export const oneStructure = [
  'src/main/engine/graph/function.ts',
  'src/main/engine/graph/node.ts',
  'src/main/engine/graph/scope.ts',
];
