/** The command line program `lorikeet`. Exit codes: 0 done, 1 failed, 2 called wrongly, 130 interrupted. */
import { crashTrail, watchProcess } from '../main/crash-trail.ts';
import { openLog } from '../main/log.ts';
import { dataPaths } from '../main/paths.ts';
import { main } from './main.ts';
import { printProblem } from './output.ts';
import { outliveReaders } from './standard-streams.ts';

outliveReaders();
const log = openLog(dataPaths().log);
const trail = crashTrail(log, (problem) => {
  printProblem(problem, process.argv.includes('--json'));
  process.exit(1);
});
watchProcess(trail, 'the command line');
await main(process.argv.slice(2));
