/** How a data file is looked at whose answers are to be learnt. */
import { encodeExamples } from '../batch/encode.ts';
import { countLosses } from '../batch/sequence.ts';
import { tellFitted } from '../batch/tell-fitted.ts';
import type { Example, Turn } from '../dataset/example.ts';
import { parseExample } from '../dataset/parse-example.ts';
import type { Look } from './inspect-data.ts';
import { endsOf } from './shown-sequence.ts';

export const answers: Look<Example> = {
  parse: parseExample,
  preview: previewOf,
  together: (examples) => ({ examples, badLines: [], labels: null }),
  notices: tellFitted,
  measure(examples, tokenizer) {
    const { encoded, badLines } = encodeExamples(examples, tokenizer);
    const sizes = encoded.map((sequences) =>
      sequences.map(({ tokens, labels }) => ({
        length: tokens.length,
        learnt: countLosses(labels),
        ends: endsOf({ tokens, labels }, tokenizer.stopTokenIds),
      })),
    );
    return { sizes, badLines };
  },
  sequences: (example, tokenizer) => encodeExamples([example], tokenizer).encoded.flat(),
  cuts: false,
};

/** The example as a person reads it: everything before the last answer, and that answer. */
function previewOf(example: Example): ReturnType<Look<Example>['preview']> {
  switch (example.kind) {
    case 'completion': {
      const { system, prompt, completion } = example;
      const before = [system, prompt].filter((text) => text !== undefined).join('\n');
      return asked(before, completion);
    }
    case 'text':
      return { given: [], learnt: { name: 'Text', text: example.text } };
    case 'chat': {
      const last = example.messages.findLastIndex(({ role }) => role === 'assistant');
      const before = example.messages.slice(0, last);
      const said = before.map(({ role, content }) => `${role}: ${content}`).join('\n');
      return asked(said, answerOf(example.messages[last]));
    }
  }
}

function asked(prompt: string, answer: string): ReturnType<Look<Example>['preview']> {
  return { given: [{ name: 'Prompt', text: prompt }], learnt: { name: 'Answer', text: answer } };
}

/** Calls of tools are an answer, too. */
function answerOf(turn: Turn | undefined): string {
  const calls = turn?.further?.['tool_calls'];
  return [turn?.content, calls && JSON.stringify(calls)].filter(Boolean).join('\n');
}
