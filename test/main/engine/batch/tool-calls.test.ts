/** Calls of tools are learnt as a chat template writes them, or refused where it does not. */
import { expect, test } from 'vitest';
import { encodeExamples } from '../../../../src/main/engine/batch/encode.ts';
import { parseExample } from '../../../../src/main/engine/dataset/parse-example.ts';
import { tinyTokenizer } from '../tokenizer/fixtures.ts';
import { marked } from './marked.ts';
import { opensThought } from './templates.ts';

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

function encoded(template: string, json: Record<string, unknown> = row) {
  const tokenizer = tinyTokenizer({ chatTemplate: template });
  const parsed = parseExample(json, 1);
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

/** An answer with one call, and what it says beside that. */
const saying = (content: string) => ({
  messages: [
    { role: 'user', content: 'Light' },
    {
      role: 'assistant',
      content,
      tool_calls: [{ function: { name: 'lamp', arguments: { on: true } } }],
    },
  ],
});

test('what an answer says before its call is learnt with the call', () => {
  expect(encoded(writesCalls, saying('I turn it on.'))).toEqual({
    badLines: [],
    texts: [
      '<|im_start|>user\nLight<|im_end|>\n<|im_start|>assistant\n' +
        '«I turn it on.<call>{"on": true} lamp</call><|im_end|>»',
    ],
  });
});

test('a template that writes the call and not what is said refuses the line', () => {
  const without = writesCalls.replace(
    'message.content }}',
    "('' if message.tool_calls else message.content) }}",
  );
  const reason = "the model's chat template leaves out a part of the answer in message 2";
  expect(encoded(without, saying('I turn it on.')).badLines).toEqual([{ line: 1, reason }]);
  // Also where the prompt happens to end with it.
  expect(encoded(without, saying('assistant')).badLines).toEqual([{ line: 1, reason }]);
});

test('what an answer that is only read says is refused, too, where the template leaves it out', () => {
  const without = writesCalls.replace(
    'message.content }}',
    "('' if message.tool_calls else message.content) }}",
  );
  const { messages } = saying('I turn it on.');
  const json = {
    messages: [
      ...messages.map((each) => (each.role === 'assistant' ? { ...each, weight: 0 } : each)),
      { role: 'tool', content: 'done' },
      { role: 'assistant', content: 'It is on' },
    ],
  };
  const reason = 'the model\'s chat template does not use message 2, of the role "assistant"';
  expect(encoded(without, json).badLines).toEqual([{ line: 1, reason }]);
});

/** As Mistral Nemo's with calls: stored, the question has lost the system prompt that it was asked with. */
const hidesSystemAndCalls = `
{%- set turns = messages[1:] if messages[0].role == 'system' else messages %}
{%- for m in turns %}
  {%- if m.role == 'user' %}
    {{- '[INST]' + (messages[0].content + '\n\n' if loop.last and messages[0].role == 'system' else '') + m.content + '[/INST]' }}
  {%- else %}{{- m.content }}
    {%- for call in m.tool_calls or [] %}{{- '[CALL]' + (call.function | tojson) }}{%- endfor %}{{- eos_token }}
  {%- endif %}
{%- endfor %}`;

test('a call is learnt behind a prompt that is no longer there once it is answered', () => {
  const { messages } = saying('On it.');
  const json = { system: 'Be brief', messages };
  expect(encoded(hidesSystemAndCalls, json)).toEqual({
    badLines: [],
    texts: [
      '[INST]Be brief\n\nLight[/INST]«On it.[CALL]{"name": "lamp", "arguments": {"on": true}}<|im_end|>»',
    ],
  });
});

test('a call is learnt behind a prompt that opens a thought', () => {
  const template = opensThought.replace(
    "split('</think>')[-1] +",
    "split('</think>')[-1] + ((m.tool_calls[0].function | tojson) if m.tool_calls else '') +",
  );
  expect(encoded(template, saying('<think>\nIt is dark.\n</think>\n\nOn it.'))).toEqual({
    badLines: [],
    texts: [
      '<|im_start|>user\nLight<|im_end|>\n<|im_start|>assistant\n<think>\n' +
        '«It is dark.\n</think>\n\nOn it.{"name": "lamp", "arguments": {"on": true}}<|im_end|>»',
    ],
  });
});

test('a template that joins arguments to text is given their JSON', () => {
  const joins = writesCalls.replace(
    '(call.function.arguments | tojson)',
    'call.function.arguments',
  );
  const { messages } = row;
  for (const given of ['{"on": true}', { on: true }]) {
    const calls = [{ type: 'function', function: { name: 'lamp', arguments: given } }];
    const json = {
      messages: messages.map((each) =>
        'tool_calls' in each ? { ...each, tool_calls: calls } : each,
      ),
    };
    expect(encoded(joins, json).texts[0]).toContain('«<call>{"on": true} lamp</call><|im_end|>»');
  }
});

test('a template that joins another object to text refuses the line', () => {
  const joins = writesCalls.replace(
    'message.content }}',
    "message.content + (message.extra or '') }}",
  );
  const json = {
    messages: [
      { role: 'user', content: 'Light', extra: { lamp: 1 } },
      { role: 'assistant', content: 'It is on' },
    ],
  };
  expect(encoded(joins, json).badLines.map(({ reason }) => reason)).toEqual([
    expect.stringContaining('it joins an object to a text'),
  ]);
});
