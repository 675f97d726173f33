/** The loss of a run in a few points, for a tiny curve: means of a few steps each, at even distances. */
import { z } from 'zod';
import type { Connection } from './connection.ts';

/** A hundred places of the disk at most are read for it, however long the run was. */
const [places, together] = [96, 8];

const ends = z.object({ first: z.number().nullable(), last: z.number().nullable() });
const curve = z.array(z.object({ x: z.number(), y: z.number() }));

export type LossCurve = z.output<typeof curve>;

export function readLossCurve(store: Connection, runId: number): LossCurve {
  const { first, last } = ends.parse(
    store
      .prepare(
        `select (select step from steps where run_id = @runId order by step limit 1) as first,
         (select step from steps where run_id = @runId order by step desc limit 1) as last`,
      )
      .get({ runId }),
  );
  if (first === null || last === null) return [];
  const wanted = Math.min(places, last - first + 1);
  const means = store.prepare(
    `with recursive place (at) as (select 0 union all select at + 1 from place where at + 1 < @wanted)
     select @first + at * (@last - @first) / max(1, @wanted - 1) as x,
       (select avg(loss) from (
          select loss from steps
          where run_id = @runId and step <= @first + at * (@last - @first) / max(1, @wanted - 1)
          order by step desc limit @together)) as y
     from place`,
  );
  return curve.parse(means.all({ runId, first, last, wanted, together }));
}
