-- name: stages
-- engine: DuckDB, Spark
-- grain: stage (1..5) and day
-- time zone: days are the workspace's
-- people reached the stage for the first time that day; onward: by that day they had reached this stage and the next.
SELECT stage, reached_on AS day, CAST(sum(people) AS BIGINT) AS people, CAST(sum(onward) AS BIGINT) AS onward
  FROM (SELECT 1 AS stage, introduced_on AS reached_on, 1 AS people, 0 AS onward FROM reach
        UNION ALL
        SELECT 2, operated_on, 1, 0 FROM reach
        UNION ALL
        SELECT 3, converted_on, 1, 0 FROM reach
        UNION ALL
        SELECT 4, shared_on, 1, 0 FROM reach
        UNION ALL
        SELECT 5, repurchased_on, 1, 0 FROM reach
        UNION ALL
        SELECT 1, greatest(introduced_on, operated_on), 0, 1 FROM reach WHERE operated_on IS NOT NULL
        UNION ALL
        SELECT 2, greatest(operated_on, converted_on), 0, 1 FROM reach
         WHERE operated_on IS NOT NULL AND converted_on IS NOT NULL
        UNION ALL
        SELECT 3, greatest(converted_on, shared_on), 0, 1 FROM reach
         WHERE converted_on IS NOT NULL AND shared_on IS NOT NULL
        UNION ALL
        SELECT 4, greatest(shared_on, repurchased_on), 0, 1 FROM reach
         WHERE shared_on IS NOT NULL AND repurchased_on IS NOT NULL) AS step
 WHERE reached_on IS NOT NULL
 GROUP BY stage, reached_on
 ORDER BY stage, day
