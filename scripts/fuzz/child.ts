/** The process of `npm run fuzz` that reads. */
import { readRanges } from './read-ranges.ts';
import { readers } from './readers.ts';

readRanges(readers);
