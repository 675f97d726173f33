/** A real llama.cpp (node-llama-cpp), which reads what is written here and answers with it. */
import { getLlama, LlamaLogLevel, type LlamaModel, type Token } from 'node-llama-cpp';

export type LlamaCppOptions = {
  /** GGUF adapters, each with its scale. */
  adapters?: { path: string; scale: number }[];
  contextSize?: number;
};

export type LlamaCpp = {
  /** Ids of a text, with what the file says stands around texts; `special` reads the texts of control tokens as these. */
  tokenize: (text: string, special?: boolean) => number[];
  /** Log probabilities [V] of what follows the tokens. */
  next: (tokens: readonly number[]) => Promise<Float64Array>;
  /** The most likely tokens after the prompt, each followed by the next. */
  greedy: (prompt: readonly number[], count: number) => Promise<number[]>;
  /** The chat template that the file holds. */
  chatTemplate: string | undefined;
  dispose: () => Promise<void>;
};

/** On the processor alone, so that every machine computes the same. */
const open = (logLevel: LlamaLogLevel) =>
  getLlama({ gpu: false, build: 'never', skipDownload: true, logLevel });
const library = open(LlamaLogLevel.error);

/** The usual 16 bits would hide errors of what was written. */
const exactCache = {
  experimentalKvCacheKeyType: 'F32',
  experimentalKvCacheValueType: 'F32',
} as const;

export async function openLlamaCpp(
  path: string,
  { adapters = [], contextSize = 512 }: LlamaCppOptions = {},
): Promise<LlamaCpp> {
  const llama = await library;
  const model = await llama.loadModel({ modelPath: path, gpuLayers: 0 });
  const lora = { adapters: adapters.map(({ path: filePath, scale }) => ({ filePath, scale })) };
  const context = await model.createContext({
    contextSize,
    // Several wait for each other in loops, which is slow where tests share the cores.
    threads: 1,
    flashAttention: false,
    ...exactCache,
    ...(adapters.length > 0 && { lora }),
  });
  const sequence = context.getSequence();
  const next = async (tokens: readonly number[]): Promise<Float64Array> => {
    await sequence.clearHistory();
    const given = tokens.map(asToken);
    const last = given.pop();
    if (last === undefined) throw new TypeError('no tokens to go on from');
    const told = await sequence.controlledEvaluate([
      ...given,
      [last, { generateNext: { probabilities: true } }],
    ]);
    const probabilities = told.at(-1)?.next.probabilities;
    const logs = new Float64Array(vocabularySize(model)).fill(-Infinity);
    for (const [token, p] of probabilities ?? []) logs[token] = Math.log(p);
    return logs;
  };
  return {
    tokenize: (text, special = false) => withStart(model, model.tokenize(text, special)),
    next,
    async greedy(prompt, count) {
      const tokens = [...prompt];
      for (let i = 0; i < count; i++) tokens.push(largest(await next(tokens)));
      return tokens.slice(prompt.length);
    },
    chatTemplate: model.fileInfo.metadata.tokenizer.chat_template,
    dispose: () => model.dispose(),
  };
}

/**
 * Only the vocabulary of a file, which need hold nothing else. The library tries to load weights first, to know their memory,
 * and would tell that there are none.
 */
export async function openVocabulary(
  path: string,
): Promise<Pick<LlamaCpp, 'tokenize' | 'dispose'>> {
  const llama = await open(LlamaLogLevel.disabled);
  const model = await llama.loadModel({ modelPath: path, gpuLayers: 0, vocabOnly: true });
  return {
    tokenize: (text, special = false) => withStart(model, model.tokenize(text, special)),
    dispose: () => llama.dispose(),
  };
}

/** A token is a number with a mark on it in the library's types. */
function asToken(id: number): Token {
  return id as Token;
}

function vocabularySize(model: LlamaModel): number {
  return model.fileInfo.metadata.tokenizer.ggml.tokens.length;
}

/** Its `tokenize` leaves out what stands before a text. */
function withStart(model: LlamaModel, tokens: readonly number[]): number[] {
  const { bos, shouldPrependBosToken } = model.tokens;
  return shouldPrependBosToken && bos !== null ? [bos, ...tokens] : [...tokens];
}

function largest(values: Float64Array): number {
  return values.reduce((best, value, i) => (value > (values[best] ?? NaN) ? i : best), 0);
}
