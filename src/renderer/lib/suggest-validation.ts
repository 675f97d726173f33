/** Finds the validation file that belongs to a training file. */
import type { DatasetRecord } from '../../shared/contract/data-report.ts';
import { stem } from './paths.ts';

const training = /[-_. ]?train(ing)?$/i;
const validation = /[-_. ]?(valid(ation)?|val|eval|dev|held[-_. ]?out|test)$/i;

/** Path of the data set that is called as `data` is, but for validation: 'home.validation' beside 'home.train'. Null if there is none. */
export function suggestValidation(data: string, known: readonly DatasetRecord[]): string | null {
  const base = stem(data).replace(training, '');
  const found = known.find(({ path }) => {
    const name = stem(path);
    return validation.test(name) && name.replace(validation, '') === base;
  });
  return found?.path ?? null;
}
