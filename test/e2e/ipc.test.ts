/** What reaches main from a window: of the page alone, as the contract has it, and about files that a person chose; the rest is in the log. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { trainingDefaults } from '../../src/shared/contract/training-defaults.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';

let studio: SharedStudio;
beforeAll(async () => {
  studio = await sharedStudio();
});

/** Asks as a script in the page could. */
function ask(name: unknown, request?: unknown): Promise<unknown> {
  return studio.page.evaluate<unknown, unknown[]>(
    (asked) => Reflect.apply(Reflect.get(window.lorikeet, 'invoke'), null, asked),
    [name, request],
  );
}
function logged(): string {
  const path = join(studio.home, 'lorikeet.log');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

const refusedAs = (code: string) => ({ ok: false, problem: { code } });

test.each<[unknown, unknown]>([
  ['shell.run', { command: 'id' }],
  ['__proto__', undefined],
  [42, undefined],
  [null, null],
  [{ toString: 1 }, undefined],
  ['runs.start', null],
  ['runs.start', { name: 'half', model: '/x' }],
  ['runs.stop', { id: '1' }],
  ['models.add', { path: ['/etc/passwd'] }],
  ['adapters.try', { id: 1, prompt: 'x', maxNewTokens: -1, temperature: 0 }],
])('%j %j is refused as malformed, and noted', async (name, request) => {
  const before = logged();
  expect(await ask(name, request)).toMatchObject(refusedAs('studio/bad-request'));
  expect(logged().slice(before.length)).toMatch(/^\S+ refused [^\n]*: studio\/bad-request: /);
});

test('another window with the same preload is not answered, be it of the same page or of another', async () => {
  const answers = await studio.app.evaluate(async ({ app, BrowserWindow }) => {
    const preload = `${app.getAppPath()}/out/preload/index.cjs`;
    const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
    const heard: unknown[] = [];
    for (const url of ['app://lorikeet/index.html', 'data:text/html,other']) {
      await other.loadURL(url);
      const script = "window.lorikeet.invoke('runs.list')";
      heard.push(await other.webContents.executeJavaScript(script));
    }
    other.destroy();
    return heard;
  });
  expect(answers).toMatchObject([
    refusedAs('studio/foreign-sender'),
    refusedAs('studio/foreign-sender'),
  ]);
  expect(logged()).toMatch(/refused runs\.list: studio\/foreign-sender: .*: app:\/\/lorikeet/);
  expect(logged()).toMatch(/refused runs\.list: studio\/foreign-sender: .*: data:text\/html,other/);
  expect(await ask('runs.list')).toEqual({ ok: true, value: [] });
});

test('a file is taken once it is dropped, and not because a script names it', async () => {
  const path = join(studio.home, 'dropped.jsonl');
  writeFileSync(path, '{"text":"one line"}\n');
  const { columns, task, problem, thinking } = trainingDefaults;
  const held = { validation: { kind: 'none' }, seed: 0 };
  const asked = { columns, model: null, sequenceLength: 64, held, task, problem, thinking };
  const inspect = { path, ...asked };
  expect(await ask('datasets.inspect', inspect)).toMatchObject(refusedAs('studio/path-not-chosen'));
  const made = await studio.page.evaluate(
    (name) => window.lorikeet.pathOfFile(new File(['x'], name)),
    path,
  );
  expect(made).toBe('');
  expect(await ask('datasets.inspect', inspect)).toMatchObject(refusedAs('studio/path-not-chosen'));
  await studio.page.getByRole('link', { name: 'New run', exact: true }).click();
  const target = studio.page.getByRole('group', { name: 'Choose the data file' });
  // Clear of the bar at the foot of the form.
  await target.evaluate((element) => {
    element.scrollIntoView({ block: 'center' });
  });
  const box = await target.boundingBox();
  const [x, y] = [(box?.x ?? 0) + 5, (box?.y ?? 0) + 5];
  const session = await studio.page.context().newCDPSession(studio.page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x, y, data });
  await studio.page.getByText(path).waitFor();
  expect(await ask('datasets.inspect', inspect)).toMatchObject({ ok: true, value: { path } });
});
