/** `lorikeet doctor`: the device, the runtime, versions, and what is missing. */
import type { Command } from 'commander';
import { z } from 'zod';
import type { DeviceReport } from '../../shared/contract/estimates.ts';
import { formatBytes } from '../format.ts';
import { parseOptions } from '../options.ts';
import { createOutput, printProblem } from '../output.ts';
import { renderPairs } from '../table.ts';
import { version } from '../../shared/version.ts';
import { withEngine } from '../work.ts';

const schema = z.object({ json: z.boolean().default(false) });

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('Show the device, the runtime and its versions, and what is missing.')
    .option('--json', 'one JSON object')
    .action(async () => {
      const { json } = parseOptions(command, schema);
      const output = createOutput(json);
      const report = await withEngine(output, (work) => work.call('device.inspect', null));
      output.result({ lorikeet: version, ...report }, () => describe(report));
      if (!json) for (const missing of report.missing) printProblem(missing, false);
      if (report.missing.length > 0) process.exitCode = 1;
    });
}

function describe(report: DeviceReport): string {
  return renderPairs([
    ['Lorikeet', version],
    ['Device', report.device],
    ['Cores', String(report.cores)],
    ['Memory', `${formatBytes(report.memoryBytes)}, ${formatBytes(report.freeMemoryBytes)} free`],
    ['bfloat16', report.nativeBfloat16 ? 'native' : 'not native: auto precision is float32'],
    ['GPUs', report.gpus.length > 0 ? report.gpus.join(', ') : 'none'],
    ['TensorFlow', report.tensorflow ?? 'missing'],
    ['Node', report.node],
    ...(report.electron === null ? [] : [['Electron', report.electron] as const]),
    ['Missing', report.missing.length === 0 ? 'nothing' : ''],
  ]);
}
