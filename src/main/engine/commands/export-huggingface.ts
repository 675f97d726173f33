/** A merged Hugging Face directory as a form of export. */
import { mergeDtype } from '../../../shared/contract/merge-report.ts';
import type { FormWriter } from './form-writer.ts';
import { mergedBytes, provenMerge } from './proven-merge.ts';

export const exportHuggingFace: FormWriter = (blend, type, context) => {
  const dtype = mergeDtype.parse(type);
  return {
    needed: mergedBytes(blend.base, dtype),
    async write(folder) {
      const report = await provenMerge(folder, blend, dtype, context);
      const { passed, failures, mergedModules, base, files, roundingLoss } = report;
      const { prompts, tokens, maxAbsoluteLogitDifference, meanKl, perplexity } = report;
      const { changedArgmax, checks } = report;
      return {
        ...{ passed, failures, mergedModules, base, roundingLoss },
        answers: {
          ...{ prompts, tokens, maxAbsoluteLogitDifference, meanKl, perplexity },
          ...{ changedArgmax, checks },
        },
        tensors: {
          compared: files.writtenTensors,
          merged: files.mergedTensors,
          comparedValues: files.comparedValues,
          largestError: files.largestError,
          change: null,
          types: [],
        },
        approximation: null,
      };
    },
  };
};
