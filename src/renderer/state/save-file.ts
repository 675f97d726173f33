/** Files that a person has saved: main asks where, and writes them. */
import type { CommandRequest } from '../../shared/contract/commands.ts';
import { call } from '../bridge.ts';
import { notices } from './notices.svelte.ts';

type Made = Pick<CommandRequest<'files.save'>, 'kind' | 'content'>;

/** `make` is asked for it first; `name` is proposed. Says where it went, or what went wrong. */
export async function saveFile(name: string, make: () => Made | Promise<Made>): Promise<void> {
  await notices.guard(async () => {
    const path = await call('files.save', { name, ...(await make()) });
    if (path !== null) notices.say(`Saved as ${path}`);
  });
}
