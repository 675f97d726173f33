import { expect, test } from 'vitest';
import { codeSpans } from '../../../src/renderer/lib/code-spans.ts';

test('commands are set apart, a single backtick is not', () => {
  expect(codeSpans('Run `npm run setup`; `x` too')).toEqual([
    { text: 'Run ', code: false },
    { text: 'npm run setup', code: true },
    { text: '; ', code: false },
    { text: 'x', code: true },
    { text: ' too', code: false },
  ]);
  expect(codeSpans('a ` b')).toEqual([{ text: 'a ` b', code: false }]);
});
