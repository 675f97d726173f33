/** The configuration that made an adapter lies beside it. */
export const trainingRecordName = 'lorikeet-training.json';
