-- What the ledger reads and writes in PostgreSQL.

-- name: terms
-- The time zone of a workspace, the margin that its channels are held against, and a text that changes with its geo tests.
SELECT time_zone, margin,
       (SELECT concat_ws('-', count(*), count(ended_on), max(geo_test_id))
          FROM geo_test
         WHERE geo_test.workspace_id = workspace.workspace_id) AS geo_tests
  FROM workspace
 WHERE workspace_id = %(workspace)s;

-- name: standing
-- What is known of a workspace's past verdicts: its terms, the newest day that was judged (NULL: none), whether money was
-- spent at all, and whether history is being loaded at this moment, which would be judged half.
SELECT workspace.time_zone, workspace.margin,
       (SELECT max(day) FROM verdict_day WHERE verdict_day.workspace_id = workspace.workspace_id) AS newest_day,
       EXISTS (SELECT FROM spend WHERE spend.workspace_id = workspace.workspace_id) AS has_spend,
       EXISTS (SELECT
                 FROM import_run
                WHERE import_run.workspace_id = workspace.workspace_id
                  AND import_run.finished_at IS NULL
                  AND import_run.updated_at > now() - interval '10 minutes') AS is_loading
  FROM workspace
 WHERE workspace.workspace_id = %(workspace)s;

-- name: put_days
-- Notes what was said of each source's profit on some days, in the reporting currency; said again it is said anew.
INSERT INTO verdict_day (workspace_id, day, source_id, state, currency, low_minor, estimate_minor, high_minor,
                         compared, since, return_low, return_high, return_least, return_most, changed_on)
SELECT workspace.workspace_id, said.day, said.source_id, said.state, workspace.reporting_currency, said.low_minor,
       said.estimate_minor, said.high_minor, said.compared, said.since, said.return_low, said.return_high,
       said.return_least, said.return_most, said.changed_on
  FROM workspace
 CROSS JOIN json_to_recordset(%(days)s::json)
       AS said (day date, source_id integer, state text, low_minor bigint, estimate_minor bigint, high_minor bigint,
                compared text, since date, return_low double precision, return_high double precision,
                return_least double precision, return_most double precision, changed_on date)
 WHERE workspace.workspace_id = %(workspace)s
    ON CONFLICT (workspace_id, day, source_id) DO UPDATE
   SET state = excluded.state, currency = excluded.currency, low_minor = excluded.low_minor,
       estimate_minor = excluded.estimate_minor, high_minor = excluded.high_minor, compared = excluded.compared,
       since = excluded.since, return_low = excluded.return_low, return_high = excluded.return_high,
       return_least = excluded.return_least, return_most = excluded.return_most, changed_on = excluded.changed_on;

-- name: forget_truth
-- Removes what is known of a made-up brand.
DELETE FROM known_truth WHERE workspace_id = %(workspace)s;

-- name: put_truth
-- Stores what each source of a made-up brand truly causes; sources that the workspace does not have are left out.
INSERT INTO known_truth (workspace_id, source_id, day, spend_minor, revenue_minor)
SELECT source.workspace_id, source.source_id, known.day, known.spend_minor, known.revenue_minor
  FROM json_to_recordset(%(days)s::json) AS known (source text, day date, spend_minor bigint, revenue_minor bigint)
  JOIN source ON source.workspace_id = %(workspace)s AND source.slug = known.source;

-- name: has_truth
-- Whether anything is known of the truth of a made-up brand.
SELECT EXISTS (SELECT FROM known_truth WHERE workspace_id = %(workspace)s) AS has_truth;

-- name: list_workspaces
-- Every workspace.
SELECT workspace_id FROM workspace ORDER BY workspace_id;
