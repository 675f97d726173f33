/** What chat templates write of values, against Jinja2 3.1.6 under Python 3.11 with the filter `tojson` of transformers. */
import { Template } from '@huggingface/jinja';
import { expect, test } from 'vitest';
import { parseExactly } from '../../../../src/main/engine/dataset/exact-json.ts';
import { runTemplate } from '../../../../src/main/engine/tokenizer/bounded-interpreter.ts';
import { createChatTemplate } from '../../../../src/main/engine/tokenizer/chat-template.ts';
import { pythonFloat } from '../../../../src/main/engine/tokenizer/python-text.ts';
import { writtenAs } from '../../../../src/main/engine/written-as.ts';

const text = String.raw`{"b":21.0,"2":[1e-7,1e16,-0.0,3],"1":{"on":true,"off":null,"s":"it's \"x\"\n\u00e9"}}`;
const render = (source: string, json = text) =>
  runTemplate(new Template(source), { v: parseExactly(json) }, json.length);

test.each([
  [
    '{{ v }}',
    String.raw`{'b': 21.0, '2': [1e-07, 1e+16, -0.0, 3], '1': {'on': True, 'off': None, 's': 'it\'s "x"\né'}}`,
  ],
  [
    '{{ v | tojson }}',
    String.raw`{"b": 21.0, "2": [1e-07, 1e+16, -0.0, 3], "1": {"on": true, "off": null, "s": "it's \"x\"\né"}}`,
  ],
  ['{{ v.b }}|{{ v["1"].on }}|{{ v["1"].off }}|{{ missing }}', '21.0|True|None|'],
  ['{{ v["2"] | tojson(indent=2) }}', '[\n  1e-07,\n  1e+16,\n  -0.0,\n  3\n]'],
  [
    '{{ v | tojson(ensure_ascii=True, sort_keys=True, separators=(",", ":")) }}',
    String.raw`{"1":{"off":null,"on":true,"s":"it's \"x\"\n\u00e9"},"2":[1e-07,1e+16,-0.0,3],"b":21.0}`,
  ],
  ['{{ "a" ~ v.b ~ v["1"].on ~ none }}', 'a21.0TrueNone'],
  ['{{ [] | tojson(indent=2) }}{{ {} | tojson }}{{ (1, 2) }}{{ ["x"] }}', "[]{}(1, 2)['x']"],
  ['{% set x = none %}{{ x }}{% if none %}{% endif %}', 'None'],
  ['{{ v["1"].on | string }}{{ none | string }}{{ 2.50 }}', 'TrueNone2.5'],
])('%s', (source, wanted) => {
  expect(render(source)).toBe(wanted);
});

test('numbers: the shortest digits, as repr has them', () => {
  const wanted = new Map([
    ...([
      [1e15, '1000000000000000.0'],
      [123456789012345680, '1.2345678901234568e+17'],
    ] as const),
    ...([
      [1e-4, '0.0001'],
      [1e-5, '1e-05'],
      [5e-324, '5e-324'],
      [1.5e300, '1.5e+300'],
    ] as const),
    ...([
      [0.1, '0.1'],
      [-2.5, '-2.5'],
      [NaN, 'nan'],
      [-Infinity, '-inf'],
    ] as const),
  ]);
  expect([...wanted.keys()].map(pythonFloat)).toEqual([...wanted.values()]);
});

test('keys stand where they stood, also beside marks of the private use area', () => {
  const keys = '{"9":{"10":1,"b":2,"a":{"7":1.0,"03":2,"0":3}},"c":"\\"5\\":"}';
  expect(render('{{ v | tojson }}', keys)).toBe(
    '{"9": {"10": 1, "b": 2, "a": {"7": 1.0, "03": 2, "0": 3}}, "c": "\\"5\\":"}',
  );
  expect(parseExactly(keys)).toEqual(JSON.parse(keys));
  const marked = '{"\uF8FF1":1,"b":2}';
  expect(parseExactly(marked)).toEqual(JSON.parse(marked));
});

test('a list of many such numbers is read, which would not end if each were copied with all before it', () => {
  const value = parseExactly(`[${'1.0,'.repeat(200_000)}1.0]`);
  expect(writtenAs(Array.isArray(value) ? value : []).floats.size).toBe(200_001);
});

test('arguments of a call that a template joins to text are written the same way', () => {
  const source =
    '{% for m in messages %}{{ m.content }}{% for c in m.tool_calls or [] %}{{ c.function.name + c.function.arguments }}{% endfor %}{% endfor %}';
  const template = createChatTemplate(source, {});
  const given = parseExactly('{"z":1.0,"1":true}');
  const call = { function: { name: 'f', arguments: given } };
  const messages = [{ role: 'assistant', content: 'a', further: { tool_calls: [call] } }];
  expect(template.render({ messages }, { addGenerationPrompt: false })).toBe(
    'af{"z": 1.0, "1": true}',
  );
});
