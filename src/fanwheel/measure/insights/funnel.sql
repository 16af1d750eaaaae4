-- name: funnel_step
-- engine: DuckDB, Spark
-- grain: one row per event that is a step of the funnel
-- time zone: the period's ends are instants
-- Kept as the table funnel_step. step counts from 1; where a name is asked twice it is that of the first time. Steps that
-- are not asked are ''. The first step must lie before %(until_us)s, see funnel; the others may follow until %(before)s.
SELECT coalesce(person_map.person_id, event.home_id) AS person_id,
       @epoch_us(event.occurred_at) AS at_us,
       CAST(CASE event.name WHEN %(step_1)s THEN 1
                            WHEN %(step_2)s THEN 2
                            WHEN %(step_3)s THEN 3
                            WHEN %(step_4)s THEN 4
                            WHEN %(step_5)s THEN 5
                            WHEN %(step_6)s THEN 6
                            WHEN %(step_7)s THEN 7
                            ELSE 8 END AS TINYINT) AS step
  FROM event
  LEFT JOIN person_map ON person_map.home_id = event.home_id
 WHERE event.kind = 1
   AND event.name IN (%(step_1)s, %(step_2)s, %(step_3)s, %(step_4)s, %(step_5)s, %(step_6)s, %(step_7)s, %(step_8)s)
   AND event.occurred_at >= %(since)s
   AND event.occurred_at < %(before)s

-- name: funnel
-- engine: DuckDB, Spark
-- grain: how many steps people got through, 1 to 8
-- time zone: none
-- start_k is the latest first step from which a person has come through k steps with this very event, in order and
-- inside the window: the latest is the best, because only the window can break a chain. So no chain is missed, even where
-- a later first step succeeds and an earlier one does not. Events of one instant stand in the order of the steps.
WITH chain_1 AS (
    SELECT person_id, at_us, step, CASE WHEN step = 1 AND at_us < %(until_us)s THEN at_us END AS start_1
      FROM funnel_step
), come_2 AS (
    SELECT person_id, at_us, step, start_1,
           max(start_1) OVER (PARTITION BY person_id ORDER BY at_us, step
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best
      FROM chain_1
), chain_2 AS (
    SELECT person_id, at_us, step, CASE WHEN start_1 IS NULL THEN 0 ELSE 1 END AS depth,
           CASE WHEN step = %(code_2)s AND best >= at_us - %(window_us)s THEN best END AS start_2
      FROM come_2
), come_3 AS (
    SELECT person_id, at_us, step, CASE WHEN start_2 IS NULL THEN depth ELSE 2 END AS depth,
           max(start_2) OVER (PARTITION BY person_id ORDER BY at_us, step
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best
      FROM chain_2
), chain_3 AS (
    SELECT person_id, at_us, step, depth,
           CASE WHEN step = %(code_3)s AND best >= at_us - %(window_us)s THEN best END AS start_3
      FROM come_3
), come_4 AS (
    SELECT person_id, at_us, step, CASE WHEN start_3 IS NULL THEN depth ELSE 3 END AS depth,
           max(start_3) OVER (PARTITION BY person_id ORDER BY at_us, step
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best
      FROM chain_3
), chain_4 AS (
    SELECT person_id, at_us, step, depth,
           CASE WHEN step = %(code_4)s AND best >= at_us - %(window_us)s THEN best END AS start_4
      FROM come_4
), come_5 AS (
    SELECT person_id, at_us, step, CASE WHEN start_4 IS NULL THEN depth ELSE 4 END AS depth,
           max(start_4) OVER (PARTITION BY person_id ORDER BY at_us, step
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best
      FROM chain_4
), chain_5 AS (
    SELECT person_id, at_us, step, depth,
           CASE WHEN step = %(code_5)s AND best >= at_us - %(window_us)s THEN best END AS start_5
      FROM come_5
), come_6 AS (
    SELECT person_id, at_us, step, CASE WHEN start_5 IS NULL THEN depth ELSE 5 END AS depth,
           max(start_5) OVER (PARTITION BY person_id ORDER BY at_us, step
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best
      FROM chain_5
), chain_6 AS (
    SELECT person_id, at_us, step, depth,
           CASE WHEN step = %(code_6)s AND best >= at_us - %(window_us)s THEN best END AS start_6
      FROM come_6
), come_7 AS (
    SELECT person_id, at_us, step, CASE WHEN start_6 IS NULL THEN depth ELSE 6 END AS depth,
           max(start_6) OVER (PARTITION BY person_id ORDER BY at_us, step
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best
      FROM chain_6
), chain_7 AS (
    SELECT person_id, at_us, step, depth,
           CASE WHEN step = %(code_7)s AND best >= at_us - %(window_us)s THEN best END AS start_7
      FROM come_7
), come_8 AS (
    SELECT person_id, at_us, step, CASE WHEN start_7 IS NULL THEN depth ELSE 7 END AS depth,
           max(start_7) OVER (PARTITION BY person_id ORDER BY at_us, step
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best
      FROM chain_7
), reached AS (
    SELECT person_id,
           max(CASE WHEN step = %(code_8)s AND best >= at_us - %(window_us)s THEN 8 ELSE depth END) AS depth
      FROM come_8
     GROUP BY person_id
)
SELECT depth, count(*) AS people
  FROM reached
 WHERE depth > 0
 GROUP BY depth
 ORDER BY depth
