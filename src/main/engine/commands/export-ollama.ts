/** A merged GGUF file with the Modelfile by which Ollama takes it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ggufFileTypes } from '../../../shared/export-forms.ts';
import { planGguf } from '../export/gguf/write-gguf.ts';
import { ollamaModelfile } from '../export/ollama/modelfile.ts';
import { provenGguf } from './export-gguf.ts';
import type { FormWriter } from './form-writer.ts';
import { tellAll } from './open-model.ts';

const ggufFile = 'model.gguf';

export const exportOllama: FormWriter = (blend, type, context) => {
  const { base, tokenizer } = blend;
  const fileType = z.enum(ggufFileTypes).parse(type);
  const plan = planGguf(base, blend.sum(), fileType);
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
