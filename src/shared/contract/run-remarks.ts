/** What a person writes down about a run. */
import { z } from 'zod';
import { longestNotes, longestTag, mostTags } from '../tags.ts';

export const runRemarks = z.object({
  notes: z.string().max(longestNotes),
  tags: z.array(z.string().min(1).max(longestTag)).max(mostTags),
});
