/** Models on data files, cell by cell: every file is read before anything is computed, and the base is loaded once for all. */
import type { EngineContext, EvaluationExtent } from '../../../shared/contract/engine.ts';
import type { EvaluationReport } from '../../../shared/contract/evaluation.ts';
import { checkPositions } from '../checkpoint/check-positions.ts';
import { causalLm } from '../task/causal-lm.ts';
import { exactMatches } from './exact-matches.ts';
import type { OpenModel } from './open-model.ts';
import { scoreCells, type Cell } from './score-cells.ts';
import { refuseWithoutNextToken, taskOf } from './task-of.ts';

export type { Cell } from './score-cells.ts';

/**
 * @param cells whose models are one in everything but gates and tokenizer
 * Errors: task/no-next-token, checkpoint/positions-end, dataset/*, tokenizer/*, engine/cancelled.
 */
export async function evaluateCells(
  cells: readonly Cell[],
  extent: EvaluationExtent,
  context: EngineContext,
): Promise<EvaluationReport[]> {
  const [first] = cells;
  if (!first) return [];
  const { model } = first;
  if (model.labels === null) return await evaluateAnswers(model, cells, extent, context);
  const scored = await scoreCells(cells, taskOf(model), extent, context);
  return scored.map(({ loss, report, examples }) => {
    if (report === null) throw new TypeError('a classifier says more than its loss');
    return { task: 'sequence-classification', loss, examples: examples.length, report };
  });
}

async function evaluateAnswers(
  model: OpenModel,
  cells: readonly Cell[],
  extent: EvaluationExtent,
  context: EngineContext,
): Promise<EvaluationReport[]> {
  refuseWithoutNextToken(model);
  checkPositions(model.checkpoint, extent.sequenceLength);
  const scored = await scoreCells(cells, causalLm, extent, context);
  const matches = await exactMatches(scored, extent.answers, context);
  return scored.map(({ loss, tokens, examples }, i) => ({
    task: 'causal-lm',
    loss,
    perplexity: Math.exp(loss),
    tokens,
    exactMatch: matches[i]?.share ?? null,
    answers: matches[i]?.answers ?? 0,
    examples: examples.length,
  }));
}
