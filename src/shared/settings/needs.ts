/** What settings need to mean something: of the model, and of the other settings as they are. */
import type { BaseChoice } from '../base-forms.ts';
import type { TaskKind } from '../tasks.ts';

/** What a run is about, as far as settings depend on it. */
export type About = {
  task: TaskKind;
  /** Whether its model is a mixture of experts. */
  experts: boolean;
  base: BaseChoice;
  /** Whether there is validation data. */
  validated: boolean;
  patience: number;
  /** Whether prompts are answered under way. */
  prompts: boolean;
  /** Whether checkpoints are written without being asked for. */
  checkpoints: boolean;
};

type Row = {
  isMet: (about: About) => boolean;
  /** Completes 'has no effect: …'. */
  lacks: string;
  /** Begins a sentence on what to do. */
  give: string;
};

const rows = {
  experts: {
    isMet: ({ experts }) => experts,
    lacks: 'the model has no experts that a router chooses from',
    give: 'Take a model with experts',
  },
  nf4: {
    isMet: ({ base }) => base === 'nf4' || base === 'auto',
    lacks: 'the base is not held as NF4',
    give: 'Have the base held as NF4',
  },
  validation: {
    isMet: ({ validated }) => validated,
    lacks: 'the run has no validation data',
    give: 'Give it validation data',
  },
  patience: {
    isMet: ({ validated, patience }) => validated && patience > 0,
    lacks: 'the run has no patience that could end',
    give: 'Give it a patience and validation data',
  },
  prompts: {
    isMet: ({ task, prompts }) => task === 'causal-lm' && prompts,
    lacks: 'no prompts are watched',
    give: 'Give it prompts to be watched',
  },
  checkpoints: {
    isMet: ({ checkpoints }) => checkpoints,
    lacks: 'checkpoints are written neither by steps nor by minutes',
    give: 'Have checkpoints written',
  },
} as const satisfies Record<string, Row>;

export type Need = keyof typeof rows;
export const needs: Readonly<Record<Need, Row>> = rows;

/** What a setting has to do with what a run is about. */
export type Belonging = { task?: TaskKind; needs?: Need };

/** Whether a setting means something there. */
export function belongsTo({ task, needs: need }: Belonging, about: About): boolean {
  return (task ?? about.task) === about.task && (need === undefined || needs[need].isMet(about));
}
