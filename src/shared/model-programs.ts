/** Programs whose models are found on this computer, with the names that people know them by. */
export const modelPrograms = {
  'hugging-face': 'Hugging Face cache',
  'lm-studio': 'LM Studio',
  ollama: 'Ollama',
  'llama-cpp': 'llama.cpp',
} as const;

export type ModelProgram = keyof typeof modelPrograms;
