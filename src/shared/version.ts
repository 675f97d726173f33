/** The version of Lorikeet, from package.json. */
import file from '../../package.json' with { type: 'json' };

export const { version } = file;
