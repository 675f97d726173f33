/** How conversations are written, beside what is in them: a run fixes it, and its adapter is asked the same way. */
import type { Thinking } from '../../../shared/contract/training-config.ts';
import { localDate } from '../../../shared/local-date.ts';

export type ChatManner = {
  thinking: Thinking;
  /** The day that chat templates take for today: '2026-11-26'. */
  date: string;
};

/** As the template does by itself, today. */
export function usualManner(): ChatManner {
  return { thinking: 'auto', date: localDate() };
}
