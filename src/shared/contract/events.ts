/** What the main process and the engine tell the window without being asked. */
import type { Problem } from '../errors/problem.ts';
import type { EngineEvent } from './engine.ts';
import type { RunRecord } from './records.ts';

export type StudioEvent =
  | { kind: 'run-changed'; run: RunRecord }
  | { kind: 'run-removed'; id: number }
  | { kind: 'library-changed' }
  /** An item of the native menu that the page does was chosen: see 'app.menu'. */
  | { kind: 'action'; action: string }
  /** A person wants to see the run, having been told of it by the desktop. */
  | { kind: 'show-run'; id: number }
  /** Something nobody expected happened in one of the processes; it is in the log. */
  | { kind: 'crash'; problem: Problem }
  /** How far the export of an adapter has come: 'Merging and writing', 3 of 12. */
  | { kind: 'export-progress'; adapterId: number; phase: string; done: number; total: number }
  /** How many of the models that were found on this computer have been looked at. */
  | { kind: 'find-progress'; done: number; total: number }
  /** How far the table in the making has come: 'Scoring blocks', 3 of 12. */
  | { kind: 'table-progress'; phase: string; done: number; total: number }
  /** How far answers to be compared have come: 'Base 1 of 2: Answering', 3 of 12. */
  | { kind: 'answers-progress'; phase: string; done: number; total: number }
  /** How far the search for a learning rate has come: 'Trying learning rates', 3 of 50. */
  | { kind: 'rate-progress'; phase: string; done: number; total: number }
  /** The training loss of a trial after one of its steps, nats per token. One that begins anew has step 1 again. */
  | { kind: 'rate-step'; trial: number; step: number; loss: number }
  /** How far the blend in the making has come, or its answers: 'Composing', 3 of 210. */
  | { kind: 'blend-progress'; phase: string; done: number; total: number }
  /** What a column of the playground has written so far, from its beginning. */
  | { kind: 'chat-answer'; column: number; text: string }
  /** How far its base is loaded. */
  | { kind: 'chat-progress'; phase: string; done: number; total: number };

/** Straight from the engine to the window, through its own port. */
export type LiveEvent = { runId: number; event: EngineEvent };
