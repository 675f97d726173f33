/** Settings in which two models differ that are to compute the same. */

/** What follows from a file's vocabulary, is only a name, or says another way what is compared as well. */
const passedOver = new Set([
  ...['modelType', 'bosTokenId', 'eosTokenIds', 'padTokenId', 'keys', 'layerKeys', 'namedFactor'],
]);

/** Names of the settings that differ: 'rotations.whole.theta'. Numbers of a file are float32. */
export function configDifferences(here: unknown, there: unknown, name = ''): string[] {
  if (typeof here === 'number' && typeof there === 'number') {
    return Math.fround(here) === Math.fround(there) ? [] : [name];
  }
  if (typeof here !== 'object' || typeof there !== 'object' || here === null || there === null) {
    return here === there ? [] : [name];
  }
  const [one, other] = [new Map(Object.entries(here)), new Map(Object.entries(there))];
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((key) => !passedOver.has(key))
    .flatMap((key) =>
      configDifferences(one.get(key), other.get(key), name === '' ? key : `${name}.${key}`),
    );
}
