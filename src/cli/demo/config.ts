/** The run of the demonstration: settings under which the starter model learns the sample data in about a quarter of an hour on two cores. */
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import type { Columns } from '../../shared/settings/columns.ts';
import { trainingDefaults } from '../../shared/contract/training-defaults.ts';

export function demoConfig(options: {
  model: string;
  data: string;
  validation: string;
  columns: Columns;
  maxSteps: number | null;
}): TrainingConfig {
  const { model, data, validation, columns, maxSteps } = options;
  return {
    ...trainingDefaults,
    name: 'Demonstration: smart home',
    model,
    data,
    columns,
    validation: { kind: 'file', path: validation },
    duration:
      maxSteps === null ? { kind: 'epochs', epochs: 2 } : { kind: 'steps', steps: maxSteps },
    batchSize: 1,
    sequenceLength: 512,
    learningRate: 1e-3,
  };
}
