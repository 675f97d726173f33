/** The packaged application: safe by its fuses, complete without a cache, and able to do the main job through its window. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packagedProgram, packageStudio } from '../../scripts/lib/package-studio.ts';
import { launchPackaged, type PackagedStudio } from './launch.ts';

const resources = join(dirname(packagedProgram), 'resources');

beforeAll(packageStudio);

describe('the folder', () => {
  it('has the native files outside the archive, and nothing else of node_modules', () => {
    expect(readdirSync(join(resources, 'runtime')).sort()).toEqual([
      'tensorflow',
      'tfjs_binding.node',
    ]);
    const inArchive = listPackage(join(resources, 'app.asar'), { isPack: false });
    const packages = inArchive.filter((path) => /^\/node_modules\/[^/]+$/.test(path));
    expect(packages).toEqual(['/node_modules/better-sqlite3']);
    expect(inArchive).toContain('/resources/icons/512x512.png');
    expect(existsSync(join(resources, 'app.asar.unpacked/node_modules/better-sqlite3'))).toBe(true);
    expect(existsSync(join(resources, 'default_app.asar'))).toBe(false);
  });

  it('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(packagedProgram);
    const isOn = (fuse: FuseV1Options) => wire[fuse] === FuseState.ENABLE;
    expect({
      runAsNode: isOn(FuseV1Options.RunAsNode),
      nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
      cookieEncryption: isOn(FuseV1Options.EnableCookieEncryption),
      asarIntegrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
      fileProtocolPrivileges: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      runAsNode: false,
      nodeOptions: false,
      inspect: false,
      cookieEncryption: true,
      asarIntegrity: true,
      onlyAsar: true,
      fileProtocolPrivileges: false,
    });
  });
});

describe('the window', () => {
  let studio: PackagedStudio;
  beforeAll(async () => {
    studio = await launchPackaged();
  });
  afterAll(() => studio.quit());

  it('trains two steps on the starter model and exports the result with its proof', async () => {
    const { page, home } = studio;
    const choose = (group: string, text: string) =>
      page.getByRole('group', { name: group }).getByText(text, { exact: true }).click();
    const fill = (name: string, value: string) =>
      page.getByRole('spinbutton', { name }).fill(value);

    expect(page.url()).toMatch(/^app:\/\//);
    await page.getByRole('link', { name: 'New run' }).click();
    const model = page.getByRole('combobox', { name: 'Model' });
    await model.selectOption({ label: 'smollm2-135m-instruct' });
    const data = page.getByRole('combobox', { name: 'Data file' });
    const offered = await data.locator('option').allTextContents();
    await data.selectOption({ label: offered.find((text) => text.includes('train')) ?? '' });
    await choose('Validation', 'None');
    await page.getByRole('button', { name: 'q + v' }).click();
    await choose('Train for a number of', 'steps');
    await fill('Steps', '2');
    await fill('Batch size', '1');
    await fill('Sequence length', '128');
    await page.getByRole('textbox', { name: 'Name of the run' }).fill('package check');
    await page.getByRole('button', { name: 'Start training' }).click();

    const end = page.getByText(/^(Finished|Failed|Stopped)$/).first();
    await end.waitFor({ timeout: 180_000 });
    expect(await page.getByRole('main').innerText()).not.toContain('The run failed');
    expect(await end.innerText()).toBe('Finished');

    await page.getByRole('link', { name: 'Adapters' }).click();
    await page.getByRole('button', { name: 'Export merged model' }).click();
    const proof = page.getByRole('heading', { name: /^Proof of merge/ });
    await proof.waitFor({ timeout: 180_000 });
    expect(await proof.innerText()).toBe('Proof of merge passed');
    const [exported = ''] = readdirSync(join(home, 'exports'));
    const files = readdirSync(join(home, 'exports', exported));
    expect(files).toEqual(
      expect.arrayContaining(['config.json', 'model.safetensors', 'merge-report.json']),
    );
  });
});
