/** This studio and this machine: versions, data folder, device, and what is missing. */
import type { CommandResponse } from '../../shared/contract/commands.ts';
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../shared/errors/problem.ts';
import { call } from '../bridge.ts';

class AppInfo {
  value = $state.raw<CommandResponse<'app.info'> | null>(null);
  problem = $state.raw<Problem | null>(null);

  async refresh(): Promise<void> {
    try {
      this.value = await call('app.info', undefined);
      this.problem = null;
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
  }
}

export const appInfo = new AppInfo();
