/** A merged GGUF file with the Modelfile by which Ollama takes it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ggufFileTypes } from '../../../shared/export-forms.ts';
import { ollamaModelfile } from '../export/ollama/modelfile.ts';
import { checkedPlan, provenGguf } from './export-gguf.ts';
import type { FormWriter } from './form-writer.ts';
import { tellAll } from './open-model.ts';

const ggufFile = 'model.gguf';

export const exportOllama: FormWriter = (blend, type, context, force) => {
  const { base, tokenizer } = blend;
  const fileType = z.enum(ggufFileTypes).parse(type);
  const plan = checkedPlan(blend, fileType, force);
  return {
    needed: plan.bytes,
    async write(folder) {
      const written = await provenGguf(join(folder, ggufFile), ...[blend, fileType, plan, context]);
      const { text, notices } = ollamaModelfile({
        ...{ ggufFile, tokenizer },
        chatTemplate: base.tokenizer.chatTemplate,
        contextLength: base.config.maxPositionEmbeddings,
      });
      tellAll(context, notices);
      await writeFile(join(folder, 'Modelfile'), text);
      return written;
    },
  };
};
