-- name: add
-- Adds facts, given as a JSON list.
INSERT INTO fact_outbox (workspace_id, kind, key, name, happened_at, refs, properties)
SELECT %(workspace)s, given.kind, given.key, given.name, given.at, given.refs, given.properties
  FROM jsonb_to_recordset(%(facts)s::jsonb)
       AS given (kind text, key text, name text, at timestamptz, refs jsonb, properties jsonb);

-- name: take
-- Takes the oldest facts out, in their order; those that somebody else is taking are left out.
WITH oldest AS (
    SELECT fact_id
      FROM fact_outbox
     WHERE workspace_id = %(workspace)s
     ORDER BY fact_id
     LIMIT %(most)s
       FOR UPDATE SKIP LOCKED
), taken AS (
    DELETE FROM fact_outbox AS fact
     USING oldest
     WHERE fact.workspace_id = %(workspace)s
       AND fact.fact_id = oldest.fact_id
    RETURNING fact.fact_id, fact.kind, fact.key, fact.name, fact.happened_at, fact.refs, fact.properties
)
SELECT kind, key, name, happened_at, refs, properties FROM taken ORDER BY fact_id;

-- name: list_workspaces
-- Which workspaces have facts waiting.
SELECT workspace_id FROM list_outbox_workspaces();
