-- name: order_deed
-- engine: DuckDB, Spark
-- grain: one row per paid order
-- time zone: none
-- Kept as the table deed: who ordered when, for how much net of refunds in minor units of the reporting currency.
SELECT coalesce(person_map.person_id, home_order.home_id) AS person_id, home_order.placed_at AS done_at,
       CAST(coalesce(home_order.net_minor, 0) AS DOUBLE) AS worth
  FROM home_order
  LEFT JOIN person_map ON person_map.home_id = home_order.home_id
 WHERE home_order.status = 'paid'

-- name: event_deed
-- engine: DuckDB, Spark
-- grain: one row per event of the name
-- time zone: none
-- Kept as the table deed: who did it when.
SELECT coalesce(person_map.person_id, event.home_id) AS person_id, event.occurred_at AS done_at,
       CAST(0 AS DOUBLE) AS worth
  FROM event
  LEFT JOIN person_map ON person_map.home_id = event.home_id
 WHERE event.kind = 1
   AND event.name = %(goal)s

-- name: arms
-- engine: DuckDB, Spark
-- grain: one row per arm and channel, and whether its people were in another arm too before they turned out to be one
-- time zone: none
-- People, and the sums of what they did from the message on and in the weeks before it. Somebody who was met twice
-- counts from the first time.
WITH subject AS (
    SELECT person_id, min(arm) AS arm, min(arm) <> max(arm) AS is_mixed, min(channel) AS channel,
           min(met_at) AS met_at, min(before_at) AS before_at, min(until_at) AS until_at, max(elapsed) AS elapsed,
           min(share) AS share
      FROM met
     GROUP BY person_id
), done AS (
    SELECT subject.person_id,
           max(CASE WHEN deed.done_at >= subject.met_at THEN 1.0 ELSE 0.0 END) AS y,
           max(CASE WHEN deed.done_at < subject.met_at THEN 1.0 ELSE 0.0 END) AS x,
           sum(CASE WHEN deed.done_at >= subject.met_at THEN deed.worth ELSE 0.0 END) AS v,
           sum(CASE WHEN deed.done_at < subject.met_at THEN deed.worth ELSE 0.0 END) AS w
      FROM subject
      JOIN deed ON deed.person_id = subject.person_id
     WHERE deed.done_at >= subject.before_at
       AND deed.done_at < subject.until_at
     GROUP BY subject.person_id
), person AS (
    SELECT subject.arm, subject.is_mixed, subject.channel, subject.elapsed, subject.share,
           CAST(coalesce(done.y, 0.0) AS DOUBLE) AS y, CAST(coalesce(done.x, 0.0) AS DOUBLE) AS x,
           coalesce(done.v, 0.0) AS v, coalesce(done.w, 0.0) AS w
      FROM subject
      LEFT JOIN done ON done.person_id = subject.person_id
)
SELECT arm, channel, is_mixed, count(*) AS people, sum(y) AS converted, sum(x) AS converted_before,
       sum(x * y) AS converted_both, sum(v) AS total, sum(v * v) AS total_squares, sum(w) AS total_before,
       sum(w * w) AS total_before_squares, sum(v * w) AS total_cross, sum(elapsed) AS elapsed,
       CASE WHEN min(share) = max(share) THEN min(share) END AS share
  FROM person
 GROUP BY arm, channel, is_mixed
 ORDER BY arm, channel, is_mixed
