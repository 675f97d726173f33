/** Makes sure that the model of tokenizer.json is one that @huggingface/tokenizers 0.2.0 reads as the Rust library does. */
import { isObject, type JsonObject } from '../../../shared/is-object.ts';

/** Switches that the library passes over, by kind. */
const passedOver: ReadonlyMap<string, readonly string[]> = new Map([
  ['BPE', ['dropout', 'continuing_subword_prefix', 'end_of_word_suffix']],
  ['WordPiece', []],
  ['Unigram', ['byte_fallback']],
]);

/**
 * The model with its kind, which older files do not name.
 * @throws an Error that names a kind or a switch that is not known
 */
export function repairModel(model: JsonObject): JsonObject {
  const own = model['type'];
  const type = typeof own === 'string' ? own : kindOf(model);
  const switches = passedOver.get(type);
  if (switches === undefined) {
    const known = [...passedOver.keys()].join(', ');
    throw new Error(`its model is of the kind "${type}", and only ${known} are known`);
  }
  const set = switches.find((name) => Boolean(model[name]));
  if (set !== undefined) {
    throw new Error(`its ${type} model has ${set} set to ${JSON.stringify(model[set])}`);
  }
  return { ...model, type };
}

function kindOf(model: JsonObject): string {
  if (Array.isArray(model['vocab'])) return 'Unigram';
  if (Array.isArray(model['merges'])) return 'BPE';
  return isObject(model['vocab']) && 'continuing_subword_prefix' in model ? 'WordPiece' : '';
}
