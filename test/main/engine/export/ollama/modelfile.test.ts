/** Modelfiles: the template that Ollama is given writes conversations as transformers does with the model's own. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { ollamaModelfile } from '../../../../../src/main/engine/export/ollama/modelfile.ts';
import { createTokenizer } from '../../../../../src/main/engine/tokenizer/tokenizer.ts';
import {
  fixture,
  readJson,
  templateWithSystemPrompt,
  tinyFiles,
  tinyIds,
  tinyTokenizer,
} from '../../tokenizer/fixtures.ts';
import { runGoText } from './go-text.ts';

const role = z.enum(['system', 'user', 'assistant']);
const chat = z.object({
  name: z.string(),
  messages: z.array(z.object({ role, content: z.string() })),
  options: z.object({
    add_generation_prompt: z.boolean().default(false),
    enable_thinking: z.boolean().optional(),
  }),
  text: z.string().optional(),
});
type Chat = z.output<typeof chat>;
const chats = z.object({ cases: z.array(chat).min(10) });
const ofKind = z.object({ template: z.string(), days: z.record(z.string(), z.array(chat)) });

const trims: unknown = expect.stringMatching(/takes away white space/);
const thoughts: unknown = expect.stringMatching(/thoughts of earlier answers/);

/**
 * What Ollama asks for answers with, without those in which it joins messages before the template sees them, that the original
 * refuses, or that the notices are about.
 */
function asked(cases: readonly Chat[], notices: readonly unknown[]): Chat[] {
  return cases.filter(
    ({ options, messages, text }) =>
      options.add_generation_prompt &&
      options.enable_thinking === undefined &&
      messages.every((each, i) => each.role !== messages[i - 1]?.role) &&
      (text !== undefined || messages[0]?.role === 'system') &&
      messages.every(
        ({ content }) =>
          !(notices.includes(trims) && content !== content.trim()) &&
          !(notices.includes(thoughts) && content.includes('<think>')),
      ),
  );
}

function modelfileOf(
  source: string | null,
  changes: { ggufFile?: string; contextLength?: number } = {},
) {
  const tokenizer = tinyTokenizer({ chatTemplate: source });
  const model = { ggufFile: 'model.gguf', contextLength: 512, ...changes };
  const { text, notices } = ollamaModelfile({ ...model, tokenizer, chatTemplate: source });
  const [, template = null] = /^TEMPLATE """(.*)"""$/ms.exec(text) ?? [];
  return { text, notices, template, tokenizer };
}

const families: [family: string, model: string, notices: unknown[]][] = [
  ['llama', 'tiny-tied', []],
  ['gemma2', 'tiny-gemma2', [trims]],
  ['gemma3_text', 'tiny-gemma3', [trims]],
  ['gpt2', 'tiny-gpt2', []],
  ['gpt_neox', 'tiny-gpt-neox', []],
  ['mistral', 'tiny-mistral', []],
  ['mixtral', 'tiny-mixtral', []],
  ['olmoe', 'tiny-olmoe', []],
  ['phi3', 'tiny-phi3', []],
  ['qwen2', 'tiny-qwen2', []],
  ['qwen2_moe', 'tiny-qwen2-moe', []],
  ['qwen3', 'tiny-qwen3', [thoughts]],
  ['qwen3_moe', 'tiny-qwen3-moe', [thoughts]],
];
const told = families.map(([family, model, notices]) => {
  const source = readFileSync(fixture(`models/${model}/chat_template.jinja`), 'utf8');
  const { cases } = chats.parse(readJson(fixture(`expected/chats/${family}.json`)));
  return { family, source, cases, notices };
});
const kinds = ['gemma', 'gemma3', 'nemo'].map((kind) => {
  const { template, days } = ofKind.parse(readJson(fixture(`expected/chats/kind-${kind}.json`)));
  const notices = kind === 'nemo' ? [] : [trims];
  return { family: kind, source: template, cases: Object.values(days).flat(), notices };
});

describe.each([...told, ...kinds])('the template of $family', ({ source, cases, notices }) => {
  const modelfile = modelfileOf(source);

  it('tells what it does otherwise', () => {
    expect(modelfile.notices).toEqual(notices);
    expect(asked(cases, notices).length).toBeGreaterThan(1);
  });

  test.each(asked(cases, notices))('$name', ({ messages, text }) => {
    const { template, tokenizer } = modelfile;
    // Where the template refuses a system prompt, this program puts it into the first question.
    const wanted = text ?? tokenizer.renderChat({ messages }, { addGenerationPrompt: true });
    expect(runGoText(template ?? '', messages)).toBe(wanted);
  });
});

describe('a template that Go cannot say', () => {
  const dated = ofKind.parse(readJson(fixture('expected/chats/kind-dated.json'))).template;
  const strips = ofKind.parse(readJson(fixture('expected/chats/kind-strips.json'))).template;

  it.each([
    ['the date of the day', dated, /writes the date of the day/],
    ['contents that are changed', strips, /conversations with one question come out otherwise/],
    ['contents left out', '{{ messages[0].content }}', /does not write all contents/],
    ['no conversation at all', "{{ raise_exception('Never.') }}", /Never/],
    [
      'a long conversation that is another',
      "{% for m in messages %}{{ m.role + ': ' + m.content + '\n' }}{% if loop.index == 5 %}More.{% endif %}{% endfor %}",
      /conversations with 3 questions come out otherwise/,
    ],
  ])('is left to Ollama, and told: %s', (_, source, reason) => {
    const { text, template, notices } = modelfileOf(source);
    expect(template).toBeNull();
    expect(notices).toEqual([expect.stringMatching(reason)]);
    expect(text).toMatch(new RegExp(`^# The chat template.*${reason.source}`));
  });
});

describe('a template', () => {
  it('leaves out the token that llama.cpp puts before every text', () => {
    const source = `{{ bos_token }}${templateWithSystemPrompt}`;
    const start = [
      { SpecialToken: { id: '<|im_start|>', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
    ];
    const files = tinyFiles();
    const post_processor = {
      type: 'TemplateProcessing',
      single: start,
      pair: [...start, { Sequence: { id: 'B', type_id: 0 } }],
      special_tokens: { '<|im_start|>': { ids: [1] } },
    };
    const modelOf = (chatTemplate: string) => {
      const tokenizerJson = { ...files.tokenizerJson, post_processor };
      const tokenizer = createTokenizer({ ...files, tokenizerJson, chatTemplate }, tinyIds);
      return ollamaModelfile({ ggufFile: 'm.gguf', tokenizer, chatTemplate, contextLength: 512 });
    };
    const plain = modelfileOf(templateWithSystemPrompt);
    expect(modelOf(source)).toEqual({
      text: plain.text.replace('model.gguf', 'm.gguf'),
      notices: [],
    });
    const without =
      "{% for m in messages %}{{ m.role + ':' + m.content + '\n' }}{% endfor %}{{ 'assistant:' }}";
    expect(modelOf(without).notices).toEqual([
      expect.stringMatching(/does not begin with "<\|im_start\|>"/),
    ]);
  });

  it('goes on with an answer that is begun', () => {
    const { template } = modelfileOf(templateWithSystemPrompt);
    const begun = [
      { role: 'user' as const, content: 'on' },
      { role: 'assistant' as const, content: 'It' },
    ];
    expect(runGoText(template ?? '', begun)).toMatch(/<\|im_start\|>assistant\nIt$/);
  });

  it('may write quotation marks, braces and backslashes', () => {
    const odd = '"""{{ "}}" }}`\\n\\';
    const source = `{% for m in messages %}{{ ${JSON.stringify(odd)} + m.content + '\n' }}{% endfor %}`;
    const { template, text } = modelfileOf(source);
    const messages = [{ role: 'user' as const, content: 'on' }];
    expect(runGoText(template ?? '', messages)).toBe(`${odd}on\n`);
    expect(text.split('"""')).toHaveLength(3);
  });

  it('has no characters that cannot be seen, which Ollama leaves out of a Modelfile', () => {
    const odd = 'ö\u00a0🦜\u200d\u{e0041}｜\u2028';
    const source = `{% for m in messages %}{{ ${JSON.stringify(odd)} + m.content + '\n' }}{% endfor %}`;
    const { template, text } = modelfileOf(source);
    expect(template).toContain('"ö\\u00a0🦜\\u200d\\U000e0041｜\\u2028"');
    expect(text).not.toMatch(/(?![ \n])[\p{Z}\p{C}]/u);
  });
});

describe('a Modelfile', () => {
  it('names the file, the stops and the context', () => {
    const { text } = modelfileOf(tinyFiles().chatTemplate);
    expect(text).toMatch(/^FROM \.\/model\.gguf\nTEMPLATE """/);
    expect(text).toMatch(/"""\nPARAMETER stop "<\|im_end\|>"\nPARAMETER num_ctx 512\n$/);
    expect(modelfileOf(null, { contextLength: 1 << 17 }).text).toMatch(/num_ctx 4096\n$/);
    expect(modelfileOf(null, { ggufFile: 'my model.gguf' }).text).toMatch(
      /^FROM "\.\/my model\.gguf"$/m,
    );
  });

  it('tells stops that it cannot say', () => {
    const files = tinyFiles();
    const ends = ['<a\u200b>', '<b"c>'].map((content, i) => ({
      id: 288 + i,
      content,
      special: true,
    }));
    const added = z.array(z.unknown()).parse(files.tokenizerJson['added_tokens']);
    const tokenizerJson = { ...files.tokenizerJson, added_tokens: [...added, ...ends] };
    const config = { bosTokenId: 1, eosTokenIds: [2, 288, 289], vocabSize: 290 };
    const tokenizer = createTokenizer({ ...files, tokenizerJson }, config);
    const { chatTemplate } = files;
    const model = { ggufFile: 'm.gguf', tokenizer, chatTemplate, contextLength: 512 };
    const { text, notices } = ollamaModelfile(model);
    expect(text).toContain('PARAMETER stop """<b"c>"""\n');
    expect(text.match(/^PARAMETER stop/gm)).toHaveLength(2);
    expect(notices).toEqual([expect.stringMatching(/cannot say some of the tokens.*<a/)]);
  });

  it('says so where there is no template', () => {
    const { template, notices, text } = modelfileOf(null);
    expect(template).toBeNull();
    expect(notices).toEqual([expect.stringMatching(/no chat template/)]);
    expect(text).toMatch(/^# The model has no chat template/);
  });
});
