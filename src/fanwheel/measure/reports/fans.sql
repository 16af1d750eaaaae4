-- name: fans
-- engine: DuckDB, Spark
-- grain: day
-- time zone: days are the workspace's
-- boarded: people who became a fan; alighted: fans who ceased to be one; asked: people with a first statement
-- about any private channel. Fans at the end of a day are all who boarded less all who alighted until then.
WITH statement AS (
    SELECT person_id, decided_at, consent_id,
           CASE WHEN is_granted THEN 1 ELSE 0 END
           - lag(CASE WHEN is_granted THEN 1 ELSE 0 END, 1, 0)
             OVER (PARTITION BY person_id, channel ORDER BY decided_at, consent_id) AS change
      FROM consent
), running AS (
    SELECT person_id, decided_at, change,
           CAST(sum(change) OVER inside AS BIGINT) AS granted_channels,
           row_number() OVER inside AS turn
      FROM statement
    WINDOW inside AS (PARTITION BY person_id ORDER BY decided_at, consent_id
                      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
SELECT @day(decided_at, %(time_zone)s) AS day,
       count(CASE WHEN change = 1 AND granted_channels = 1 THEN 1 END) AS boarded,
       count(CASE WHEN change = -1 AND granted_channels = 0 THEN 1 END) AS alighted,
       count(CASE WHEN turn = 1 THEN 1 END) AS asked
  FROM running
 GROUP BY 1
 ORDER BY 1
