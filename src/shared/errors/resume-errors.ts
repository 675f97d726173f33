/** What can go wrong where a run goes on from a checkpoint. */
import { listed } from './listed.ts';
import type { Catalogue } from './problem.ts';

export const resumeErrors = {
  'resume/no-checkpoint': (d: { path: string }) => ({
    what: 'The checkpoint that the run would go on from is not there any more.',
    where: d.path,
    next: 'Put the folder back where it was, or start the run anew.',
  }),
  'resume/damaged': (d: { path: string; reason: string }) => ({
    what: `The checkpoint cannot be gone on from: ${d.reason}.`,
    where: d.path,
    next: 'Put the folder back as it was, or start the run anew.',
  }),
  'resume/none-sound': (d: { path: string; found: readonly string[] }) => ({
    what: `None of the run's checkpoints can be gone on from: ${listed(d.found)}.`,
    where: d.path,
    next: 'Put one of these folders back as it was, or start the run anew.',
  }),
  'resume/settings-differ': (d: { path: string; settings: readonly string[] }) => ({
    what: `The run's settings are others than those of its checkpoint: ${listed([...d.settings])}.`,
    where: d.path,
    next: 'Start a new run with the new settings; this one goes on with the settings that it began with.',
  }),
  'resume/file-changed': (d: { path: string; part: string; file: string }) => ({
    what: `The ${d.part} is not what it was when the run began: its content has changed.`,
    where: d.file,
    next: `Put back the file as it was, or start a new run. The checkpoint stays in ${d.path}.`,
  }),
  'resume/tokens-changed': (d: { path: string; model: string }) => ({
    what: "The data comes out as other tokens than when the run began: files of the model's tokenizer or its chat template have changed.",
    where: d.model,
    next: `Put them back as they were, or start a new run. The checkpoint stays in ${d.path}.`,
  }),
} satisfies Catalogue;
