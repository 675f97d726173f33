/** What each command of the contract does, feature by feature. A command without a handler does not compile. Free of Electron. */
import type { CommandHandlers } from '../shared/contract/commands.ts';
import { adapterHandlers } from './features/adapters.ts';
import { answerHandlers } from './features/answers.ts';
import { appHandlers } from './features/app.ts';
import { chatHandlers } from './features/chats.ts';
import { datasetHandlers } from './features/datasets.ts';
import { blendHandlers } from './features/blends.ts';
import type { Desktop } from './features/desktop.ts';
import { exportHandlers } from './features/exports.ts';
import { fileHandlers } from './features/files.ts';
import { logHandlers } from './features/log.ts';
import { modelHandlers } from './features/models.ts';
import { rateHandlers } from './features/rates.ts';
import { runHandlers } from './features/runs.ts';
import { settingHandlers } from './features/settings.ts';
import { tableHandlers } from './features/tables.ts';
import type { Studio } from './studio.ts';

export function commandHandlers(studio: Studio, desktop: Desktop): CommandHandlers {
  return {
    ...appHandlers(studio, desktop),
    ...fileHandlers(studio, desktop),
    ...logHandlers(studio, desktop),
    ...modelHandlers(studio),
    ...datasetHandlers(studio),
    ...runHandlers(studio, desktop),
    ...rateHandlers(studio),
    ...settingHandlers(studio),
    ...adapterHandlers(studio, desktop),
    ...exportHandlers(studio),
    ...tableHandlers(studio),
    ...answerHandlers(studio),
    ...blendHandlers(studio),
    ...chatHandlers(studio),
  };
}
