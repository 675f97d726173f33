/** What the preload script exposes to the page as `window.lorikeet`; nothing else of Electron reaches it. */
import type { CommandName, CommandRequest, CommandResponse } from './commands.ts';
import type { LiveEvent, StudioEvent } from './events.ts';
import type { Problem } from '../errors/problem.ts';

/** An exception does not survive the way to the page, so a call answers with either. */
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export type Bridge = {
  invoke<N extends CommandName>(
    command: N,
    request: CommandRequest<N>,
  ): Promise<Answer<CommandResponse<N>>>;
  /** Calls back until the returned function is called. */
  onStudioEvent(listener: (event: StudioEvent) => void): () => void;
  onLiveEvent(listener: (event: LiveEvent) => void): () => void;
  /** The path on disk of a file that was dropped on the page. */
  pathOfFile(file: File): string;
};
