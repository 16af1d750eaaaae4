-- What paid orders say of each buyer. Orders of one person and day are one purchase; days count from 1970.

-- name: purchase
-- engine: DuckDB, Spark
-- grain: one row per buyer and day with a paid order, up to the day %(until_day)s
-- time zone: days are the workspace's
-- Kept as the table purchase. value_minor is NULL where no order of the day has a rate.
SELECT person_id,
       CAST(@days_between(DATE '1970-01-01', placed_on) AS BIGINT) AS bought_on,
       CAST(sum(net_minor) AS BIGINT) AS value_minor
  FROM orders
 WHERE status = 'paid'
   AND @days_between(DATE '1970-01-01', placed_on) <= %(until_day)s
 GROUP BY person_id, placed_on

-- name: rfm_person
-- engine: DuckDB, Spark
-- grain: one row per buyer
-- time zone: days are the workspace's
-- Kept as the table rfm_person. A score is 1 + the fifths of all buyers who are worse, so equal people score the same.
WITH bought AS (
    SELECT person_id, count(*) AS purchases, max(bought_on) AS last_on,
           CAST(coalesce(sum(value_minor), 0) AS BIGINT) AS revenue_minor
      FROM purchase
     GROUP BY person_id
), ranked AS (
    SELECT person_id, purchases, last_on, revenue_minor,
           rank() OVER (ORDER BY last_on) - 1 AS longer_ago,
           rank() OVER (ORDER BY purchases) - 1 AS rarer,
           count(*) OVER () AS people
      FROM bought
)
SELECT person_id, purchases, revenue_minor, %(until_day)s - last_on AS recency_days,
       CAST(1 + @int_div(5 * longer_ago, people) AS BIGINT) AS recency,
       CAST(1 + @int_div(5 * rarer, people) AS BIGINT) AS frequency
  FROM ranked

-- name: rfm
-- engine: DuckDB, Spark
-- grain: pair of scores that occurs
-- time zone: days are the workspace's
SELECT recency, frequency, count(*) AS people, CAST(sum(revenue_minor) AS BIGINT) AS revenue_minor,
       max(recency_days) AS most_days, min(purchases) AS fewest_purchases, max(purchases) AS most_purchases
  FROM rfm_person
 GROUP BY recency, frequency
 ORDER BY recency, frequency

-- name: rfm_scores
-- engine: DuckDB, Spark
-- grain: one row per buyer
-- time zone: days are the workspace's
SELECT person_id, recency, frequency
  FROM rfm_person
 ORDER BY person_id

-- name: purchase_days
-- engine: DuckDB, Spark
-- grain: one row per buyer and day with a paid order
-- time zone: days are the workspace's
SELECT person_id, bought_on
  FROM purchase
 ORDER BY person_id, bought_on

-- name: purchase_span
-- engine: DuckDB, Spark
-- grain: one row
-- time zone: days are the workspace's
SELECT min(bought_on) AS first_day, max(bought_on) AS last_day
  FROM purchase

-- name: purchase_history
-- engine: DuckDB, Spark
-- grain: one row per buyer
-- time zone: days are the workspace's
-- frequency, recency and age up to %(until_day)s as models of buying want them; mean_value of the days after the first, 0
-- without any. The same as seen from the day %(cut_day)s (seen_frequency -1: no purchase yet), and the purchases since.
WITH dated AS (
    SELECT person_id, bought_on, value_minor, min(bought_on) OVER (PARTITION BY person_id) AS first_day
      FROM purchase
)
SELECT person_id,
       count(*) - 1 AS frequency,
       max(bought_on) - first_day AS recency,
       %(until_day)s - first_day AS age,
       coalesce(CAST(sum(CASE WHEN bought_on > first_day THEN value_minor END) AS DOUBLE)
                / nullif(count(CASE WHEN bought_on > first_day THEN value_minor END), 0), 0) AS mean_value,
       count(CASE WHEN bought_on <= %(cut_day)s THEN 1 END) - 1 AS seen_frequency,
       coalesce(max(CASE WHEN bought_on <= %(cut_day)s THEN bought_on END) - first_day, 0) AS seen_recency,
       %(cut_day)s - first_day AS seen_age,
       count(CASE WHEN bought_on > %(cut_day)s THEN 1 END) AS later
  FROM dated
 GROUP BY person_id, first_day
 ORDER BY person_id
