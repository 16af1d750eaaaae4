-- What the ledger reads from PostgreSQL, through ADBC, as a role that row-level security binds.
-- COPY takes no parameters, so the workspace is the session's fanwheel.workspace.

-- name: history
-- One row per source and day on which it was judged in today's reporting currency, oldest first.
SELECT verdict_day.day, verdict_day.source_id, verdict_day.state, verdict_day.low_minor, verdict_day.estimate_minor,
       verdict_day.high_minor, verdict_day.compared, verdict_day.since, verdict_day.return_low, verdict_day.return_high,
       verdict_day.return_least, verdict_day.return_most, verdict_day.changed_on
  FROM verdict_day
  JOIN workspace USING (workspace_id)
 WHERE verdict_day.workspace_id = current_setting('fanwheel.workspace')::integer
   AND verdict_day.currency = workspace.reporting_currency
   AND verdict_day.day >= current_date - 400
 ORDER BY verdict_day.day, verdict_day.source_id;

-- name: known_truth
-- One row per source and day of a made-up brand: what was spent with nobody held out, and what that truly caused.
SELECT source_id, day, spend_minor, revenue_minor
  FROM known_truth
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer
 ORDER BY source_id, day;

-- name: campaign_spend
-- One row per source, campaign and day: spend in minor units of the reporting currency, NULL where no rate is known.
SELECT source_id, campaign, spent_on,
       sum(round(amount_minor * reporting_factor(workspace_id, currency, spent_on)))::bigint AS amount_minor
  FROM spend
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer
 GROUP BY source_id, campaign, spent_on;

-- name: geo_test
-- One row per geo test.
SELECT geo_test_id, source_id, campaign, trait, regions, before_on, started_on, ended_on
  FROM geo_test
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer;

-- name: person_region
-- One row per person and trait by which a geo test asks where people live: the region.
SELECT person.person_id, asked.trait, btrim(person.traits ->> asked.trait) AS region
  FROM person
  JOIN (SELECT DISTINCT workspace_id, trait
          FROM geo_test
         WHERE workspace_id = current_setting('fanwheel.workspace')::integer) AS asked USING (workspace_id)
 WHERE btrim(person.traits ->> asked.trait) <> '';
