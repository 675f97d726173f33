/** What columns of a data file can be read as, and which of them are, as a person has mapped them. */

import type { TaskKind } from '../tasks.ts';

/** What a column can be read as. */
export const dataKeys = {
  prompt: 'Prompt',
  completion: 'Completion',
  instruction: 'Instruction',
  input: 'Input',
  output: 'Output',
  text: 'Text',
  text2: 'Second text',
  label: 'Label',
  messages: 'Messages',
  conversations: 'Conversations',
  system: 'System prompt',
  history: 'History',
  tools: 'Tools',
  reasoning_content: 'Reasoning before the answer',
  weight: 'Weight',
  unused: 'Not used',
} as const;

export type DataKey = keyof typeof dataKeys;

const ofLabelled: ReadonlySet<DataKey> = new Set(['text', 'text2', 'label', 'unused']);
const onlyOfLabelled: ReadonlySet<DataKey> = new Set(['text2', 'label']);

/** Whether examples of the task have the key. */
export function isKeyOf(task: TaskKind, key: DataKey): boolean {
  return task === 'causal-lm' ? !onlyOfLabelled.has(key) : ofLabelled.has(key);
}
/** `name` is the column's in the file. */
type Column = { readonly name: string; readonly as: DataKey };
/** A column that is not in the list is read under its own name. */
export type Columns = readonly Column[];
