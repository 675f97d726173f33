/** Joins the window's state to the main process: listens first, then reads what is there. */
import { LorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { bridge } from '../bridge.ts';
import { adapterWorks } from './adapter-work.svelte.ts';
import { answerComparison } from './answer-comparison.svelte.ts';
import { appInfo } from './app-info.svelte.ts';
import { blendWork } from './blend-work.svelte.ts';
import { studioChoices } from './studio-choices.svelte.ts';
import { tableWork } from './evaluation-table.svelte.ts';
import { foundModels } from './found-models.svelte.ts';
import { actionRunner } from './action-runner.svelte.ts';
import { keepForm } from './kept-form.svelte.ts';
import { library } from './library.svelte.ts';
import { metrics } from './metrics.svelte.ts';
import { notices } from './notices.svelte.ts';
import { playground } from './playground.svelte.ts';
import { rateWork } from './rate-work.svelte.ts';
import { comparable, runList } from './run-pages.svelte.ts';
import { runs } from './runs.svelte.ts';

/** To be called once, before the first page is shown. */
export function connect(): void {
  bridge().onStudioEvent((event) => {
    // Before the runs: see its `apply`.
    runList.apply(event);
    comparable.apply(event);
    runs.apply(event);
    metrics.applyStudio(event);
    adapterWorks.apply(event);
    tableWork.apply(event);
    blendWork.apply(event);
    foundModels.apply(event);
    actionRunner.apply(event);
    answerComparison.apply(event);
    playground.apply(event);
    rateWork.apply(event);
    if (event.kind === 'crash') notices.fail(new LorikeetError(event.problem));
    if (event.kind === 'library-changed') void library.refresh();
  });
  bridge().onLiveEvent((event) => {
    metrics.applyLive(event);
  });
  keepForm();
  void runs.refresh();
  void library.refresh();
  void playground.refresh();
  void appInfo.refresh();
  void studioChoices.refresh();
  void actionRunner.showInMenu();
}
