/** A run is not begun with settings of which nothing would come: who gave them expects something else. */
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { idleSetting } from '../../../shared/settings/idle.ts';

/** Errors: train/idle-setting. */
export function refuseIdle(configs: readonly TrainingConfig[]): void {
  for (const config of configs) {
    const idle = idleSetting(config);
    if (idle) throw lorikeetError('train/idle-setting', idle);
  }
}
