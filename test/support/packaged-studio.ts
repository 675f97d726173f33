/** Before the tests of the packaged application: it is packaged. */
import { packageStudio } from '../../scripts/lib/package-studio.ts';

/** vitest calls this once for the project. */
export default packageStudio;
