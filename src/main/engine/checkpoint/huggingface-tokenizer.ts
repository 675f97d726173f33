/** The tokenizer files of a Hugging Face directory. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { checkTemplateSize } from '../tokenizer/chat-template.ts';
import { withAskedSettings } from '../tokenizer/asked-settings.ts';
import type { TokenizerFiles } from '../tokenizer/files.ts';
import { textOf } from '../../../shared/text-of.ts';
import { parseJsonObject, readBytes, readJsonObjectIfThere, readText } from './json-file.ts';
import { wrongMerge } from '../tokenizer/check-merges.ts';
import { withFurtherTokens } from '../tokenizer/further-tokens.ts';
import { withSpecialTokensMap } from '../tokenizer/special-tokens.ts';
import {
  chooseTemplate,
  namedTemplates,
  type ChosenTemplate,
  type NamedTemplate,
} from '../tokenizer/named-templates.ts';

/**
 * tokenizer.json is needed, and parsed when it is first looked into; the others are read where they are.
 * Errors: checkpoint/tokenizer-missing, checkpoint/bad-json, tokenizer/damaged, tokenizer/which-template,
 * tokenizer/template-too-large.
 */
export function readTokenizerFiles(path: string): TokenizerFiles {
  const tokenizerPath = join(path, 'tokenizer.json');
  if (!existsSync(tokenizerPath)) {
    throw lorikeetError('checkpoint/tokenizer-missing', { path: tokenizerPath });
  }
  const tokenizerConfig = withSpecialTokensMap(
    readJsonObjectIfThere(join(path, 'tokenizer_config.json')) ?? {},
    readJsonObjectIfThere(join(path, 'special_tokens_map.json')),
  );
  const further = {
    added: readJsonObjectIfThere(join(path, 'added_tokens.json')),
    config: tokenizerConfig,
  };
  const file = withoutMark(readBytes(tokenizerPath));
  const { template, path: chatTemplatePath, notices } = templateIn(path, tokenizerConfig);
  let read: { json: Record<string, unknown>; whole: boolean } | undefined;
  const parse = () => {
    const own = parseJsonObject(textOf(file), tokenizerPath);
    const reason = wrongMerge(own['model']);
    if (reason !== null) throw lorikeetError('tokenizer/damaged', { path: tokenizerPath, reason });
    const json = withAskedSettings(withFurtherTokens(own, further, path), tokenizerConfig);
    return { json, whole: json === own };
  };
  return {
    get tokenizerFile() {
      return (read ??= parse()).whole ? file : null;
    },
    get tokenizerJson() {
      return (read ??= parse()).json;
    },
    tokenizerConfig,
    chatTemplate: template,
    chatTemplatePath,
    generationConfig: readJsonObjectIfThere(join(path, 'generation_config.json')),
    notices,
  };
}

/** The bytes themselves, which a merge copies, unless they begin with a byte order mark, which other programs do not read. */
function withoutMark(bytes: Buffer): Buffer {
  return [0xef, 0xfe, 0xff].includes(bytes[0] ?? 0) ? Buffer.from(textOf(bytes)) : bytes;
}

const jinja = '.jinja';
const fileGoesBefore =
  'The model has a chat template in chat_template.jinja and another in tokenizer_config.json: the first is used, as in transformers.';

/** chat_template.jinja, or the older place: a template in tokenizer_config.json, or several with names. */
function templateIn(path: string, tokenizerConfig: Record<string, unknown>): ChosenTemplate {
  const file = join(path, 'chat_template.jinja');
  const value = tokenizerConfig['chat_template'];
  const several = namedTemplates(tokenizerConfig);
  if (existsSync(file)) {
    const template = readTemplate(file);
    const others =
      typeof value === 'string' ? [value] : (several ?? []).map((each) => each.template);
    // Templates end with or without a line break, which Jinja drops.
    const isOther = others.length > 0 && !others.some((each) => each.trim() === template.trim());
    return { template, path: file, notices: isOther ? [fileGoesBefore] : [] };
  }
  const configPath = join(path, 'tokenizer_config.json');
  if (typeof value === 'string') return { template: value, path: configPath, notices: [] };
  if (several === null) {
    const reason = 'its chat_template is neither a text nor a list of templates with names';
    throw lorikeetError('tokenizer/damaged', { path: configPath, reason });
  }
  const own = several.map((each) => ({ ...each, path: configPath }));
  return chooseTemplate([...own, ...filesOf(join(path, 'additional_chat_templates'))], path);
}

/** @throws checkpoint/unreadable, tokenizer/template-too-large */
function readTemplate(path: string): string {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  checkTemplateSize(bytes, path);
  return readText(path);
}

/** The newer place for templates with names: a file each. */
function filesOf(folder: string): NamedTemplate[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(jinja))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      return { name: name.slice(0, -jinja.length), template: readTemplate(path), path };
    });
}
