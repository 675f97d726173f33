/** Files with the messages of a conversation, as they are given to `generate --messages`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readMessages } from '../../src/cli/messages.ts';

function file(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-messages-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'messages.json');
  writeFileSync(path, text);
  return path;
}

const asked = (level: string) =>
  `[{"role":"user","content":"Hm","level":${level}},{"role":"assistant","content":"Yes"}]`;

test('further keys go on, and null says nothing', () => {
  const path = file(
    '{"messages":[{"role":"user","content":"Hm","name":"Ann","key":null}],"tools":[]}',
  );
  expect(readMessages(path)).toEqual({
    kind: 'chat',
    messages: [{ role: 'user', content: 'Hm', further: { name: 'Ann' } }],
  });
});

test.each(['9007199254740991', '-3', '0.5', '1e300'])('the number %s is read', (level) => {
  expect(readMessages(file(asked(level))).messages[0]?.further).toEqual({ level: Number(level) });
});

test.each([
  [asked('9007199254740993'), 'it has the number 9007199254740993, which would be read as another'],
  ['[]', 'expected a list of messages'],
  ['[{"role":"user","role":"system","content":"Hm"}]', 'it has the key "role" twice'],
  ['[{"role":"user"', 'JSON'],
])('%s is refused', (text, reason) => {
  const path = file(text);
  expect(() => readMessages(path)).toThrow(
    expect.objectContaining({
      problem: expect.objectContaining({
        code: 'cli/bad-messages',
        what: expect.stringContaining(reason) as unknown,
        where: path,
      }) as unknown,
    }),
  );
});
