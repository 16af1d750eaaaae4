-- name: links
-- engine: DuckDB, Spark
-- grain: day of introduction, first source (0: none), first private channel joined ('': none), outcome
-- time zone: days are the workspace's
-- outcome: 'repurchase' with two paid orders, 'convert' with one, '' without.
WITH joined AS (
    SELECT person_id, @arg_min(channel, decided_at, consent_id) AS channel
      FROM consent
     WHERE is_granted
     GROUP BY person_id
)
SELECT reach.introduced_on AS day,
       coalesce(touch.source_id, 0) AS source_id,
       coalesce(joined.channel, '') AS channel,
       CASE WHEN reach.repurchased_on IS NOT NULL THEN 'repurchase'
            WHEN reach.converted_on IS NOT NULL THEN 'convert'
            ELSE '' END AS outcome,
       count(*) AS people
  FROM reach
  LEFT JOIN touch ON touch.person_id = reach.person_id AND touch.turn = 1
  LEFT JOIN joined ON joined.person_id = reach.person_id
 GROUP BY 1, 2, 3, 4
 ORDER BY 1, 2, 3, 4
