/** The packaged application as it lies on the disk: complete, and safe by its fuses. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { listPackage } from '@electron/asar';
import { expect, test } from 'vitest';
import { packagedProgram } from '../../scripts/lib/package-studio.ts';

const resources = join(dirname(packagedProgram), 'resources');

test('it has the native files outside the archive, and nothing else of node_modules', () => {
  expect(readdirSync(join(resources, 'runtime')).sort()).toEqual([
    'ggml_blocks.node',
    'packed_codes.node',
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

test('it has its fuses set', async () => {
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
