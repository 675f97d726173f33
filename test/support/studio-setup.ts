/** Before tests on the real window. */
import { readyStudio } from '../../scripts/lib/ready-studio.ts';

/** vitest calls this once for a project, and what it returns at the end. */
export default readyStudio;
