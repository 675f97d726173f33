/** Files on this machine, through the desktop. */
import { existsSync } from 'node:fs';
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import { slug } from '../../shared/slug.ts';
import type { Studio } from '../studio.ts';
import { writeWhole } from '../write-whole.ts';
import type { Desktop } from './desktop.ts';

export function fileHandlers({ known }: Studio, desktop: Desktop): FeatureHandlers<'files'> {
  return {
    'files.pick': async ({ kind }) => {
      const path = await desktop.pick(kind);
      if (path !== null && kind === 'output-folder') known.addFolder(path);
      else if (path !== null) known.add(path);
      return path;
    },
    'files.gone': ({ paths }) => paths.filter((path) => !existsSync(known.existing(path))),
    'files.save': async ({ kind, name, content }) => {
      const path = await desktop.save(kind, `${slug(name, 'lorikeet')}.${kind}`);
      if (path === null) return null;
      await writeWhole(path, content);
      known.add(path);
      return path;
    },
    'files.reveal': ({ path }) => {
      desktop.reveal(known.existing(path));
    },
  };
}
