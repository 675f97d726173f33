/** The command line program `lorikeet`. Exit codes: 0 done, 1 failed, 2 called wrongly, 130 interrupted. */
import { main } from './main.ts';

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

await main(process.argv.slice(2));
