-- DuckDB over Parquet files of the lake.

-- name: sorted
-- engine: DuckDB
-- grain: one row per event of the files whose bucket lies in a range, by bucket, person and time
-- time zone: UTC
SELECT workspace_id, event_id, person_id, kind, name, occurred_at, received_at, source_id, domain,
       properties, context, message_key, bucket
  FROM (SELECT *, (person_id % 16)::INTEGER AS bucket FROM read_parquet($files, hive_partitioning = false))
 WHERE bucket BETWEEN $first AND $last
 ORDER BY bucket, workspace_id, person_id, occurred_at, event_id;

-- name: merged
-- engine: DuckDB
-- grain: one row per event of the files, by person and time
-- time zone: UTC
SELECT workspace_id, event_id, person_id, kind, name, occurred_at, received_at, source_id, domain,
       properties, context, message_key, -1 AS bucket
  FROM read_parquet($files, hive_partitioning = false)
 ORDER BY workspace_id, person_id, occurred_at, event_id;

-- name: holding
-- engine: DuckDB
-- grain: one row per file that holds an event of a home of the table erased (workspace_id, person_id)
-- time zone: none
SELECT DISTINCT filename
  FROM read_parquet($files, hive_partitioning = false, filename = true) AS event_row
  JOIN erased USING (workspace_id, person_id);

-- name: known
-- engine: DuckDB
-- grain: one row per event of the table fresh (event_id) that the files hold already
-- time zone: none
SELECT DISTINCT fresh.event_id
  FROM fresh
  JOIN read_parquet($files, hive_partitioning = false) AS event_row USING (event_id);
