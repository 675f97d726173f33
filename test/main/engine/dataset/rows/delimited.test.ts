/** CSV and TSV as spreadsheets and pandas write them, and what is wrong with others. */
import { describe, expect, it } from 'vitest';
import { rowsIn } from './rows.ts';

const row = (line: number, prompt: string, completion: string) => ({
  line,
  value: { prompt, completion },
});

describe('records', () => {
  it.each([
    ['commas', 'a.csv', 'prompt,completion\nhello,bonjour\nyes,oui\n'],
    ['semicolons', 'a.csv', 'prompt;completion\nhello;bonjour\nyes;oui'],
    ['tabs in a .csv', 'a.csv', 'prompt\tcompletion\nhello\tbonjour\nyes\toui\n'],
    ['tabs', 'a.tsv', 'prompt\tcompletion\nhello\tbonjour\nyes\toui\n'],
    ['a byte order mark and CR LF', 'a.CSV', '\uFEFFprompt,completion\r\nhello,bonjour\r\nyes,oui'],
    ['CR alone', 'a.csv', 'prompt,completion\rhello,bonjour\ryes,oui\r'],
    ['both ends of lines', 'a.csv', 'prompt,completion\r\nhello,bonjour\nyes,oui\r\n'],
    [
      'names in quotes and with spaces',
      'a.csv',
      '"prompt", completion\nhello,bonjour\n"yes",oui\n',
    ],
  ])('with %s', async (_, name, content) => {
    expect(await rowsIn(name, content)).toEqual({
      unit: 'line',
      rows: [row(2, 'hello', 'bonjour'), row(3, 'yes', 'oui')],
    });
  });

  it('have delimiters, quotation marks and line breaks in quotes, and are numbered by their first line', async () => {
    const content =
      'prompt,completion\n"a, b","say ""hi"""\n\n\n"two\nlines","and\r\ntwo"\nlast,one\n';
    expect((await rowsIn('a.csv', content)).rows).toEqual([
      row(2, 'a, b', 'say "hi"'),
      row(5, 'two\nlines', 'and\r\ntwo'),
      row(8, 'last', 'one'),
    ]);
  });

  it('keep white space, empty fields and quotation marks inside of text', async () => {
    const content = 'prompt\tcompletion\n he said "no" \t\n5" long\t"quoted" and not\n';
    expect((await rowsIn('a.tsv', content)).rows).toEqual([
      row(2, ' he said "no" ', ''),
      row(3, '5" long', '"quoted" and not'),
    ]);
  });

  it('are cut anywhere between two reads', async () => {
    const long = 'ä€😀"'.repeat(40_000);
    const content = `prompt,completion\n"${long.replaceAll('"', '""')}",b\nc,d\n`;
    expect((await rowsIn('a.csv', content)).rows).toEqual([row(2, long, 'b'), row(3, 'c', 'd')]);
  });

  it('may have a column without a name, such as the index of pandas', async () => {
    expect((await rowsIn('a.csv', ',text\n0,hello\n')).rows).toEqual([
      { line: 2, value: { 'column 1': '0', text: 'hello' } },
    ]);
  });
});

describe('what is wrong', () => {
  it('with one record is said at its line', async () => {
    const content = 'prompt,completion\n"x\ny",b\nhello, you,bonjour\nonly\nc,d\n';
    expect((await rowsIn('a.csv', content)).rows).toEqual([
      row(2, 'x\ny', 'b'),
      {
        line: 4,
        reason:
          'it has 3 fields, and the header has 2; a text with a comma in it stands in double quotes',
      },
      {
        line: 5,
        reason: expect.stringMatching(/^it has 1 field, and the header has 2/) as unknown,
      },
      row(6, 'c', 'd'),
    ]);
  });

  it.each([
    [
      'a quotation mark that is never closed',
      'prompt,completion\na,b\n"open,c\nd,e\n',
      /behind line 2 opens a text that does not end/,
    ],
    [
      'a column that is there twice',
      'prompt,answer, prompt\na,b,c\n',
      /has the column "prompt" twice/,
    ],
    [
      'text in Latin-1',
      Buffer.from('prompt,completion\ncaf\xe9,b\n', 'latin1'),
      /not in UTF-8; spreadsheets save that as "CSV UTF-8"/,
    ],
    [
      'text in UTF-16',
      Buffer.from('\uFEFFprompt,completion\na,b\n', 'utf16le'),
      /binary data, or text that is not in UTF-8/,
    ],
  ])('with the whole file ends it: %s', async (_, content, message) => {
    await expect(rowsIn('a.csv', content)).rejects.toThrow(message);
    await expect(rowsIn('a.csv', content)).rejects.toMatchObject({ code: 'dataset/wrong-format' });
  });

  it.each(['', '\n\n', 'prompt,completion\n'])('an empty file has no rows: %j', async (content) => {
    expect((await rowsIn('a.csv', content)).rows).toEqual([]);
  });
});
