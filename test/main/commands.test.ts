/** The page's commands against a real store and a real worker thread: parsing, errors as answers, what each does. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dispatch } from '../../src/main/dispatch.ts';
import { commandHandlers } from '../../src/main/commands.ts';
import { crashTrail } from '../../src/main/crash-trail.ts';
import type { Desktop } from '../../src/main/features/desktop.ts';
import { openLog } from '../../src/main/log.ts';
import { dataPaths } from '../../src/main/paths.ts';
import { openStudio, type Studio } from '../../src/main/studio.ts';
import { workerTransport } from '../../src/main/worker-transport.ts';
import {
  type CommandHandlers,
  type CommandName,
  commands,
} from '../../src/shared/contract/commands.ts';
import type { StudioEvent } from '../../src/shared/contract/events.ts';
import type { Origin } from '../../src/shared/contract/origin.ts';
import { exportedOrigin, partOf, trainedOrigin } from '../support/sample-origins.ts';
import { smallConfig } from './small-config.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-commands-'));
const paths = dataPaths({ LORIKEET_HOME: join(root, 'home') });
const log = openLog(paths.log);
const worker = workerTransport(new URL('./engine/small-worker.ts', import.meta.url));
const events: StudioEvent[] = [];
const trashed: string[] = [];
const copied: string[] = [];
const revealed: string[] = [];
/** What the next dialog gives. */
let picked: string | null = null;
const desktop: Desktop = {
  version: '1.2.3',
  folders: { app: '/app', program: '/program' },
  showMenu: () => undefined,
  pick: () => Promise.resolve(picked),
  save: (_, name) => Promise.resolve(picked === null ? null : join(picked, name)),
  reveal: (path) => {
    revealed.push(path);
  },
  copy: (text) => {
    copied.push(text);
    return Promise.resolve();
  },
  trash: (path) => {
    trashed.push(path);
    return Promise.resolve();
  },
};
const model = join(root, 'small.gguf');
const resources = { starterModel: model, samples: join(root, 'samples') };
let studio: Studio;
let handlers: CommandHandlers;
let idle = () => {};

beforeAll(() => {
  writeFileSync(model, 'small');
  mkdirSync(resources.samples);
  writeFileSync(join(resources.samples, 'pairs.jsonl'), '{"text":"a"}\n');
  studio = openStudio({
    ...{ paths, resources, log, trail: crashTrail(log, () => {}) },
    transports: { training: worker, queries: worker },
    publish: (event) => events.push(event),
    onIdle: () => {
      idle();
    },
  });
  handlers = commandHandlers(studio, desktop);
});
afterAll(async () => {
  await studio.close();
  rmSync(root, { recursive: true });
});

/** Asks as the page does: untyped, so that wrong requests can be sent. */
async function ask(name: string, request?: unknown): Promise<unknown> {
  const answered = await dispatch(handlers, log, name, request);
  return answered.ok ? answered.value : answered.problem;
}

/** Picks a file in the dialog. */
async function pick(path: string, kind = 'data-file'): Promise<void> {
  picked = path;
  expect(await ask('files.pick', { kind })).toBe(path);
}

test('what is saved is written whole where a person says, under a name that fits; else nothing is', async () => {
  const folder = mkdtempSync(join(root, 'saved-'));
  const asked = { kind: 'csv', name: 'Loss of "a/b"', content: 'step,loss\r\n1,2\r\n' } as const;
  picked = null;
  expect(await handlers['files.save'](asked)).toBeNull();
  picked = folder;
  const path = await handlers['files.save'](asked);
  expect(path).toBe(join(folder, 'loss-of-a-b.csv'));
  expect(readFileSync(path ?? '', 'utf8')).toBe(asked.content);
  const picture = Uint8Array.of(137, 80, 78, 71);
  const drawn = await handlers['files.save']({ kind: 'png', name: '…', content: picture });
  expect(Uint8Array.from(readFileSync(drawn ?? ''))).toEqual(picture);
  await handlers['files.save']({ ...asked, content: 'again' });
  expect(readFileSync(path ?? '', 'utf8')).toBe('again');
  picked = join(folder, 'gone');
  await expect(handlers['files.save'](asked)).rejects.toThrow('ENOENT');
  expect(readdirSync(folder).sort()).toEqual(['lorikeet.png', 'loss-of-a-b.csv']);
  picked = null;
});

test('the starter model and the samples are there without being added', async () => {
  expect(await ask('models.list')).toMatchObject([{ name: 'smollm2-135m-instruct', path: model }]);
  expect(await ask('datasets.list')).toMatchObject([{ name: 'pairs', examples: 1 }]);
});

test('every command answers a request that does not fit with what is wrong in it', async () => {
  expect(await ask('rm -rf')).toMatchObject({ code: 'studio/bad-request' });
  expect(await ask('constructor')).toMatchObject({ code: 'studio/bad-request' });
  const wrong = { ...smallConfig(), batchSize: 0, lora: { ...smallConfig().lora, alpha: 'x' } };
  const problem = await ask('runs.start', wrong);
  expect(problem).toMatchObject({ code: 'studio/bad-request', where: 'runs.start' });
  expect(JSON.stringify(problem)).toMatch(/lora\.alpha: .*batchSize: /);
  for (const name of Object.keys(commands) as CommandName[])
    expect(await ask(name, { id: 'no number' })).toMatchObject({ code: 'studio/bad-request' });
});

test('what a handler cannot find is said by its name', async () => {
  const missing = { code: 'studio/not-found', what: 'There is no adapter 77.' };
  const options = { prompt: 'x', maxNewTokens: 1, temperature: 0 };
  expect(await ask('adapters.try', { id: 77, ...options })).toMatchObject(missing);
  expect(await ask('adapters.remove', { id: 77 })).toMatchObject(missing);
  const run = { code: 'studio/not-found', what: 'There is no run 77.' };
  expect(await ask('runs.remove', { id: 77, adapter: false })).toMatchObject(run);
});

test('an unexpected error is an answer too, and its stack is in the log', async () => {
  expect(await ask('app.info')).toMatchObject({ code: 'internal/unexpected' });
  expect(existsSync(paths.log)).toBe(true);
  expect(await ask('app.info')).toMatchObject({
    what: expect.stringContaining('cannot do that') as unknown,
  });
  expect(readFileSync(paths.log, 'utf8')).toContain('app.info: internal/unexpected');
});

test('every command refuses a path that nobody chose, notes it in the log, and takes it once it is picked', async () => {
  const path = '/data/small.jsonl';
  const config = { ...smallConfig(5), model: 'smollm2-135m-instruct' };
  const asked = { sequenceLength: 64, task: 'causal-lm', problem: 'auto', thinking: 'auto' };
  const held = { validation: { kind: 'none' }, seed: 0 };
  const data = { ...asked, path, columns: [], model: null, held };
  const heldFile = { validation: { kind: 'file', path }, seed: 0 };
  const extent = { base: true, limit: null, answers: 0, sequenceLength: 64 };
  const adapterId = studio.store.adapters.add({
    ...{ name: 'one', path: '/adapters/one', runId: null, labels: null, base: null, model },
    ...{ rank: 8, alpha: 16, parameters: 1, createdAt: 1, origin: null },
  });
  const manner = { adapterId, to: 'gguf', type: null, otherBase: false, force: false };
  const output = join(paths.exports, 'one.gguf');
  const requests: [CommandName, unknown][] = [
    ['files.reveal', { path }],
    ['files.gone', { paths: [path] }],
    ['models.add', { path }],
    ['datasets.inspect', data],
    ['datasets.inspect', { ...data, path: model, model: path }],
    ['datasets.inspect', { ...data, path: model, held: heldFile }],
    ['runs.estimate', config],
    ['runs.start', config],
    ['runs.start', { ...config, model: path }],
    ['runs.start', { ...config, data: model, validation: { kind: 'file', path } }],
    ['exports.write', { ...manner, mergeBase: path, output }],
    ['exports.write', { ...manner, mergeBase: null, output: path }],
    ['tables.evaluate', { ...extent, adapters: [adapterId], data: [model, path] }],
  ];
  for (const [name, request] of requests)
    expect(await ask(name, request), name).toMatchObject({
      code: 'studio/path-not-chosen',
      where: path,
    });
  expect(revealed).toEqual([]);
  expect(await ask('runs.list')).toEqual([]);
  const noted = readFileSync(paths.log, 'utf8').match(/refused .*small\.jsonl$/gm);
  expect(noted).toHaveLength(requests.length);
  await pick(path);
  await ask('files.reveal', { path });
  expect(revealed).toEqual([path]);
  studio.store.adapters.remove(adapterId);
});

test('what a run would need is told for a model by its name, and nothing is entered', async () => {
  const config = { ...smallConfig(5), model: 'smollm2-135m-instruct' };
  expect(await ask('runs.estimate', config)).toMatchObject({
    ...{ memory: { totalBytes: 10 }, freeMemoryBytes: 20, totalSteps: 5 },
  });
  await pick('/models/nothing', 'model-folder');
  const unknown = { ...config, model: '/models/nothing' };
  expect(await ask('runs.estimate', unknown)).toMatchObject({ code: 'studio/not-found' });
  expect(await ask('runs.list')).toEqual([]);
});

test('a run that cannot train is refused instead of entered', async () => {
  const { lora, ...settings } = { ...smallConfig(5), model: 'smollm2-135m-instruct' };
  const refused = await ask('runs.start', { ...settings, lora: { ...lora, rank: 65 } });
  expect(refused).toMatchObject({ code: 'lora/bad-rank', where: 'rank' });
  expect(await ask('runs.list')).toEqual([]);
});

test('from start to adapter: events tell the page, metrics are kept, removal throws own files away', async () => {
  const over = new Promise<void>((resolve) => {
    idle = resolve;
  });
  const config = { ...smallConfig(3), model: 'smollm2-135m-instruct' };
  expect(await ask('runs.start', config)).toMatchObject({ name: 'small', state: 'preparing' });
  await over;
  const [run] = studio.store.runs.list();
  const id = run?.id ?? 0;
  expect(run?.config.model).toBe(model);
  const told = events.flatMap((event) => (event.kind === 'run-changed' ? [event.run.state] : []));
  expect(new Set(told)).toEqual(new Set(['queued', 'preparing', 'running', 'finished']));
  const metrics = { steps: { step: Float64Array.of(1, 2, 3) }, validations: [{ step: 3 }] };
  expect(await ask('runs.metrics', { id })).toMatchObject(metrics);
  expect(await ask('runs.curves', { ids: [id] })).toMatchObject([
    { id, points: [{ x: 1 }, { x: 2 }, { x: 3 }] },
  ]);
  const page = { search: 'SMALL', states: ['finished'], begun: true, page: 0, size: 10 };
  expect(await ask('runs.page', page)).toMatchObject({ runs: [{ id }], total: 1, all: 1 });
  expect(await ask('runs.some', { ids: [id, 99] })).toMatchObject([{ id }]);
  expect(await ask('runs.files')).toEqual([config.data]);
  await ask('runs.rename', { id, name: 'renamed' });
  expect(await ask('runs.list')).toMatchObject([{ id, name: 'renamed' }]);
  expect(await ask('runs.remove', { id, adapter: false })).toBeUndefined();
  expect(events).toContainEqual({ kind: 'run-removed', id });
  const [adapter] = studio.store.adapters.list();
  expect(await ask('adapters.remove', { id: adapter?.id })).toBeUndefined();
  expect(trashed).toEqual([run?.output]);
  expect(await ask('adapters.list')).toEqual([]);
});

test('where an adapter came from: of the store, or of its files, with what is gone', async () => {
  const { adapters, exports } = studio.store;
  const path = join(root, 'traced');
  mkdirSync(path);
  const config = { ...smallConfig(), data: join(root, 'samples', 'pairs.jsonl') };
  const trained = trainedOrigin(config);
  const add = (name: string, origin: Origin | null) =>
    adapters.add({
      ...{ name, path: join(root, name), runId: null, labels: null, base: null, model, origin },
      ...{ rank: 8, alpha: 16, parameters: 1, createdAt: 1 },
    });
  const known = add('known', trained);
  const exported = exportedOrigin([partOf(join(root, 'known'), 1, trained)]);
  exports.add('/gone/merged', exported);
  expect(await ask('adapters.origin', { id: known })).toEqual({
    origin: trained,
    exports: [{ id: expect.any(Number) as unknown, path: '/gone/merged', origin: exported }],
    // The data is there, and its base is not.
    gone: ['/gone/merged', trained.base.path],
  });
  // The worker of the tests reads the same of every folder.
  const found = add('traced', null);
  expect(await ask('adapters.origin', { id: found })).toMatchObject({
    origin: { kind: 'training' },
  });
  expect(adapters.originOf(found)).toMatchObject({ kind: 'training' });
  const lost = add('lost', null);
  expect(await ask('adapters.origin', { id: lost })).toEqual({
    origin: null,
    exports: [],
    gone: [],
  });
  for (const id of [known, found, lost]) adapters.remove(id);
});

test('an export is entered with its origin; one that is stopped is not, and says so', async () => {
  const { adapters, exports } = studio.store;
  const added = {
    name: 'exported',
    path: '/traced',
    runId: null,
    labels: null,
    base: null,
    origin: null,
  };
  const figures = { model, rank: 8, alpha: 16, parameters: 1, createdAt: 1 };
  const adapterId = adapters.add({ ...added, ...figures });
  const output = join(root, 'exports', 'exported-peft');
  await pick(join(root, 'exports'), 'output-folder');
  const manner = { otherBase: false, mergeBase: null, force: false };
  const asked = { adapterId, to: 'gguf', type: null, output, ...manner };
  expect(await ask('exports.write', asked)).toMatchObject({ to: 'gguf', output });
  const progress = { phase: 'Merging and writing', done: 1, total: 2 };
  expect(events).toContainEqual({ kind: 'export-progress', adapterId, ...progress });
  expect(exports.ofAdapter('/traced')).toMatchObject([{ path: output }]);
  const told = events.length;
  const endless = ask('exports.write', { ...asked, type: 'Q8_0' });
  await expect.poll(() => events.slice(told)).toHaveLength(1);
  await ask('exports.stop', { adapterId: adapterId + 1 });
  await ask('exports.stop', { adapterId });
  expect(await endless).toMatchObject({ code: 'engine/cancelled' });
  expect(exports.ofAdapter('/traced')).toHaveLength(1);
  expect(await ask('exports.write', { ...asked, to: 'onnx' })).toMatchObject({
    code: 'studio/bad-request',
  });
  adapters.remove(adapterId);
});

test('text is copied by the desktop', async () => {
  await ask('app.copy', { text: 'ollama create a' });
  expect(copied).toEqual(['ollama create a']);
});

test('adapters of several models make no table, and the second is named', async () => {
  const add = (name: string, of: string) =>
    studio.store.adapters.add({
      ...{
        name,
        path: join(root, name),
        runId: null,
        labels: null,
        base: null,
        model: of,
        origin: null,
      },
      ...{ rank: 8, alpha: 16, parameters: 1, createdAt: 1 },
    });
  const adapters = [add('one', model), add('other', join(root, 'other.gguf'))];
  const extent = { limit: null, answers: 0, sequenceLength: 64 };
  const asked = { adapters, base: true, data: ['a.jsonl', 'b.jsonl'], ...extent };
  expect(await ask('tables.evaluate', asked)).toMatchObject({
    code: 'adapter/other-base',
    where: join(root, 'other'),
  });
  expect(await ask('tables.evaluate', { ...asked, data: ['a.jsonl'] })).toMatchObject({
    code: 'studio/bad-request',
  });
  expect(await ask('tables.stop')).toBeUndefined();
});
