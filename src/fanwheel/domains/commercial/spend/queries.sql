-- Spend per source and day.

-- name: reporting_currency
-- The currency of rows that name none, and of totals.
SELECT reporting_currency
  FROM workspace
 WHERE workspace_id = %(workspace)s;

-- name: put_spend
-- Stores amounts; one stored before for the same source, day, campaign and currency is replaced.
INSERT INTO spend (workspace_id, source_id, spent_on, campaign, currency, amount_minor)
SELECT %(workspace)s, fresh.source_id, fresh.spent_on, fresh.campaign, fresh.currency, fresh.amount_minor
  FROM json_to_recordset(%(entries)s::json)
       AS fresh (source_id integer, spent_on date, campaign text, currency text, amount_minor bigint)
    ON CONFLICT (workspace_id, source_id, spent_on, campaign, currency) DO UPDATE
   SET amount_minor = excluded.amount_minor,
       updated_at = now();

-- name: list_spend
-- Spend of a period, newest day first, with its worth in the reporting currency at that day's rate; NULL
-- without any rate.
SELECT spend.source_id,
       source.slug,
       source.domain,
       spend.spent_on,
       spend.campaign,
       spend.currency,
       spend.amount_minor,
       round(spend.amount_minor * reporting_factor(spend.workspace_id, spend.currency, spend.spent_on))::bigint
           AS reporting_minor
  FROM spend
  JOIN source ON source.workspace_id = spend.workspace_id AND source.source_id = spend.source_id
 WHERE spend.workspace_id = %(workspace)s
   AND spend.spent_on BETWEEN %(first)s AND %(last)s
 ORDER BY spend.spent_on DESC, source.slug, spend.campaign, spend.currency;
