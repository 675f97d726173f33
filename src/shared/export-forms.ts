/** What models and adapters can be exported as: what each is for, its types, and how other programs run it. */
import { keysOf } from './settings/setting.ts';

/** How llama.cpp calls what its quantiser writes; the smaller ones with _K mix types by the place of a tensor. */
export const ggufFileTypes = [
  ...(['F32', 'F16', 'BF16', 'Q8_0', 'Q6_K', 'Q5_K_M', 'Q5_K_S', 'Q5_1', 'Q5_0'] as const),
  ...(['Q4_K_M', 'Q4_K_S', 'Q4_1', 'Q4_0'] as const),
] as const;
export type GgufFileType = (typeof ggufFileTypes)[number];

export type ExportForm = {
  label: string;
  /** What is written at the path that a person names. */
  place: 'folder' | 'file';
  /** Whether adapters are merged into the base. */
  merges: boolean;
  /** Types of numbers, the usual first; none where there is no choice. */
  types: readonly string[];
  /** For a person who does not know it. */
  help: string;
  /** What runs it, with {path} for what was written and {name} for its name. */
  commands: readonly { program: string; command: string }[];
};

export const exportForms = {
  peft: {
    label: 'PEFT adapter',
    place: 'folder',
    merges: false,
    types: [],
    help: 'The adapter alone, a few megabytes. Programs that have the base model load it beside it: transformers with PEFT, vLLM, SGLang.',
    commands: [
      {
        program: 'vLLM',
        command: 'vllm serve BASE --enable-lora --lora-modules {name}="{path}"',
      },
    ],
  },
  huggingface: {
    label: 'Hugging Face model',
    place: 'folder',
    merges: true,
    types: ['bfloat16', 'float16', 'float32'],
    help: 'Base and adapter as one model in the format of transformers, which most servers and tools read.',
    commands: [
      { program: 'vLLM', command: 'vllm serve "{path}"' },
      { program: 'transformers', command: 'transformers chat "{path}"' },
    ],
  },
  gguf: {
    label: 'GGUF model',
    place: 'file',
    merges: true,
    types: ['F16', ...ggufFileTypes.filter((type) => type !== 'F16')],
    help: 'Base and adapter as one file for llama.cpp, LM Studio and what is built on them. Smaller types take less memory and answer a little differently: Q8_0 is hardly to be told from F16, Q4_K_M is the usual compromise.',
    commands: [
      { program: 'llama.cpp', command: 'llama-server -m "{path}"' },
      {
        program: 'LM Studio',
        command: 'lms import "{path}"',
      },
    ],
  },
  'gguf-adapter': {
    label: 'GGUF adapter',
    place: 'file',
    merges: false,
    types: ['F32', 'F16'],
    help: 'The adapter alone for llama.cpp, which adds it to a GGUF file of the base when it starts.',
    commands: [{ program: 'llama.cpp', command: 'llama-server -m BASE.gguf --lora "{path}"' }],
  },
  ollama: {
    label: 'Ollama model',
    place: 'folder',
    merges: true,
    types: ['Q8_0', ...ggufFileTypes.filter((type) => type !== 'Q8_0')],
    help: 'The GGUF model with a Modelfile, which tells Ollama its chat template and where an answer ends.',
    commands: [{ program: 'Ollama', command: 'ollama create {name} -f "{path}/Modelfile"' }],
  },
} as const satisfies Record<string, ExportForm>;

/** What a type means for size and closeness to the numbers as they were computed. */
export const exportTypes: Readonly<Record<string, string>> = {
  float32: '32 bits, nothing rounded',
  float16: '16 bits, finer than bfloat16',
  bfloat16: '16 bits, the usual of most models',
  F32: '32 bits, nothing rounded',
  F16: '16 bits, hardly rounded',
  BF16: '16 bits, coarser than F16',
  Q8_0: 'half of F16, hardly to be told from it',
  Q6_K: 'two fifths of F16, very close',
  Q5_K_M: 'a third of F16, close',
  Q5_K_S: 'a third of F16, a little less close',
  Q5_1: 'two fifths of F16, an older kind',
  Q5_0: 'a third of F16, an older kind',
  Q4_K_M: 'under a third, the usual compromise',
  Q4_K_S: 'under a third, a little less close',
  Q4_1: 'a third of F16, an older kind',
  Q4_0: 'under a third, the most rounded',
};

export type ExportFormName = keyof typeof exportForms;
export const exportFormNames = keysOf(exportForms);

/** What runs what was written at `path`. */
export function commandsFor(to: ExportFormName, path: string): ExportForm['commands'] {
  const name = (path.split(/[\\/]/).at(-1) ?? '').replace(/\.gguf$/i, '');
  return exportForms[to].commands.map(({ program, command }) => ({
    program,
    command: command.replaceAll('{path}', path).replaceAll('{name}', name),
  }));
}
