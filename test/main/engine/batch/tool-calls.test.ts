/** Calls of tools are learnt as a chat template writes them, or refused where it does not. */
import { expect, test } from 'vitest';
import { encodeExamples } from '../../../../src/main/engine/batch/encode.ts';
import { parseExample } from '../../../../src/main/engine/dataset/parse-example.ts';
import { tinyTokenizer } from '../tokenizer/fixtures.ts';
import { marked } from './marked.ts';

/** As templates of today write calls: the arguments as JSON, which a text would be a second time. */
const writesCalls = `{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content }}
{%- for call in message.tool_calls or [] %}{{- '<call>' + (call.function.arguments | tojson) + ' ' + call.function.name + '</call>' }}{%- endfor %}
{{- '<|im_end|>\\n' }}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}`;

const row = {
  messages: [
    { role: 'user', content: 'Light' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'c1', type: 'function', function: { name: 'lamp', arguments: '{"on": true}' } },
      ],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'done' },
    { role: 'assistant', content: 'It is on' },
  ],
};

function encoded(template: string) {
  const tokenizer = tinyTokenizer({ chatTemplate: template });
  const parsed = parseExample(row, 1);
  if ('reason' in parsed) throw new Error(parsed.reason);
  const { encoded: examples, badLines } = encodeExamples([parsed.example], tokenizer);
  return { texts: examples.flat().map((each) => marked(each, tokenizer)), badLines };
}

test('a call is learnt with its end of turn, and what the tool says is only read', () => {
  expect(encoded(writesCalls)).toEqual({
    badLines: [],
    texts: [
      '<|im_start|>user\nLight<|im_end|>\n<|im_start|>assistant\n«<call>{"on": true} lamp</call><|im_end|>»\n' +
        '<|im_start|>tool\ndone<|im_end|>\n<|im_start|>assistant\n«It is on<|im_end|>»',
    ],
  });
});

test('a template that does not write calls refuses the line', () => {
  const without = writesCalls.replace('message.tool_calls or []', '[]');
  expect(encoded(without)).toEqual({
    texts: [],
    badLines: [
      { line: 1, reason: `the model's chat template does not use "tool_calls" of message 2` },
    ],
  });
});
