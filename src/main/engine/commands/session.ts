/** What one session of a training is about; a training has a further one whenever it goes on with less memory. */
import type { TrainRequest } from '../../../shared/contract/engine.ts';
import type { Beginning } from './resume-training.ts';

export type Session = {
  requests: readonly TrainRequest[];
  /** As chat templates are given it. */
  date: string;
  from: Beginning;
  /** It goes on with less memory in the middle of a call: what opening tells has been told. */
  leaner: boolean;
};
