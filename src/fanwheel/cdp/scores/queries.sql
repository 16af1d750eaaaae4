-- name: list_workspaces
-- Every workspace.
SELECT workspace_id
  FROM workspace
 ORDER BY workspace_id;

-- name: find_ask
-- What decides whether persons are scored now; orders are counted no further than to twice those of the last time.
SELECT workspace.time_zone, score_run.scored_at, coalesce(score_run.order_count, 0) AS scored_orders,
       (SELECT count(*)
          FROM (SELECT
                  FROM shop_order
                 WHERE workspace_id = %(workspace)s
                   AND status = 'paid'
                 LIMIT 2 * coalesce(score_run.order_count, 0) + 1) AS known) AS order_count
  FROM workspace
  LEFT JOIN score_run USING (workspace_id)
 WHERE workspace.workspace_id = %(workspace)s;

-- name: claim
-- Keeps other workers from scoring until a moment; no row if one is at it.
INSERT INTO score_run AS run (workspace_id, claimed_until)
VALUES (%(workspace)s, %(until)s)
    ON CONFLICT (workspace_id) DO UPDATE
   SET claimed_until = excluded.claimed_until
 WHERE run.claimed_until <= %(now)s
RETURNING workspace_id;

-- name: release
-- Gives a claim back.
UPDATE score_run
   SET claimed_until = '-infinity'
 WHERE workspace_id = %(workspace)s;

-- name: finish
-- Remembers that everybody was scored, and gives the claim back.
UPDATE score_run
   SET claimed_until = '-infinity',
       scored_at = %(scored_at)s,
       order_count = (SELECT count(*) FROM shop_order WHERE workspace_id = %(workspace)s AND status = 'paid')
 WHERE workspace_id = %(workspace)s;

-- name: put_scores
-- Stores scores of homes that are still there. The identifier is held until the end, so that an erasure, which deletes
-- scores after identifiers, either waits and finds them or is waited for and leaves nothing to score.
WITH fresh AS (
    SELECT home_id, scores
      FROM json_to_recordset(%(scores)s::json) AS given (home_id bigint, scores jsonb)
), held AS (
    SELECT identifier.home_id
      FROM identifier
     WHERE identifier.workspace_id = %(workspace)s
       AND identifier.home_id IN (SELECT home_id FROM fresh)
     ORDER BY identifier.home_id
       FOR KEY SHARE
)
INSERT INTO person_score (workspace_id, home_id, scores, scored_at)
SELECT %(workspace)s, fresh.home_id, fresh.scores, %(scored_at)s
  FROM fresh
  JOIN held USING (home_id)
 ORDER BY fresh.home_id
    ON CONFLICT (workspace_id, home_id) DO UPDATE
   SET scores = excluded.scores,
       scored_at = excluded.scored_at;

-- name: show_scores
-- Puts scores into the portraits of the same persons, in the order in which a fold takes them, and writes down what has
-- changed, as a fold does; it holds their rows for a third of the time of a fold, so a merge waits less.
WITH held AS (
    SELECT person.person_id, person.traits, person_score.scores
      FROM person
      JOIN person_score ON person_score.workspace_id = %(workspace)s AND person_score.home_id = person.person_id
     WHERE person.workspace_id = %(workspace)s
       AND person.person_id = ANY (%(homes)s::bigint[])
     ORDER BY person.person_id
       FOR NO KEY UPDATE OF person
), shown AS (
    UPDATE person
       SET traits = (person.traits - %(names)s::text[]) || held.scores
      FROM held
     WHERE person.workspace_id = %(workspace)s
       AND person.person_id = held.person_id
), asked AS (
    SELECT 'layer' AS kind, 'rfm_tier' AS name
     UNION ALL
    SELECT 'trait', name
      FROM trait_definition
     WHERE workspace_id = %(workspace)s
       AND name = ANY (%(names)s::text[])
       AND keeps_history
)
INSERT INTO portrait_change (workspace_id, person_id, kind, name, old, new)
SELECT %(workspace)s, held.person_id, asked.kind, asked.name, held.traits -> asked.name, held.scores -> asked.name
  FROM held
 CROSS JOIN asked
 WHERE held.traits -> asked.name IS DISTINCT FROM held.scores -> asked.name
 ORDER BY held.person_id;

-- name: note_segments
-- Asks for persons to be judged again for segments; the homes of others are nobody's.
INSERT INTO segment_note (workspace_id, person_id)
SELECT %(workspace)s, given.person_id
  FROM unnest(%(homes)s::bigint[]) AS given (person_id)
 WHERE EXISTS (SELECT FROM segment_book WHERE workspace_id = %(workspace)s);

-- name: drop_old
-- Deletes scores of an earlier time, and asks for those whose they were to be folded again.
WITH gone AS (
    DELETE FROM person_score
     WHERE workspace_id = %(workspace)s
       AND scored_at < %(scored_at)s
    RETURNING home_id
)
INSERT INTO person_stale (workspace_id, person_id)
SELECT %(workspace)s, home_id
  FROM gone;

-- name: mark_unshown
-- Asks for persons to be folded whose portrait lacks their scores, because a fold that had begun before came after.
INSERT INTO person_stale (workspace_id, person_id)
SELECT %(workspace)s, person.person_id
  FROM person
  JOIN person_score ON person_score.workspace_id = %(workspace)s AND person_score.home_id = person.person_id
 WHERE person.workspace_id = %(workspace)s
   AND NOT person.traits @> person_score.scores;
