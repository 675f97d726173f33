/** Which of several chat templates is taken. */
import { describe, expect, it } from 'vitest';
import { chooseTemplate } from '../../../../src/main/engine/tokenizer/named-templates.ts';

const templates = (...names: string[]) => names.map((name) => ({ name, template: `of ${name}` }));

describe('among several chat templates', () => {
  it('the one called default is taken', () => {
    const chosen = chooseTemplate(templates('rag', 'default', 'chat'), 'm');
    expect(chosen).toMatchObject({ template: 'of default', path: 'm', notices: [] });
  });

  it.each([[['chat']], [['tool_use', 'chat', 'rag']], [['tool_use']]])(
    'the only one that can be meant is taken, and it is told: %j',
    (names) => {
      const taken = names.includes('chat') ? 'chat' : 'tool_use';
      expect(chooseTemplate(templates(...names), 'm')).toMatchObject({
        template: `of ${taken}`,
        path: 'm',
        notices: [expect.stringContaining(`"${taken}"`)],
      });
    },
  );

  it('none is taken where there is none', () => {
    expect(chooseTemplate([], 'm')).toEqual({ template: null, path: 'm', notices: [] });
  });

  it.each([[['a', 'b']], [['tool_use', 'rag']]])('a doubt is refused: %j', (names) => {
    expect(() => chooseTemplate(templates(...names), 'm')).toThrow(
      expect.objectContaining({ code: 'tokenizer/which-template' }),
    );
  });
});
