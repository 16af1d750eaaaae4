-- Experiments; every statement in one workspace.

-- name: list_experiments
-- Experiments, the newest first, or one of them.
SELECT experiment_id, name, hypothesis, segment_id, segment_name, treated_share, outcome, days, days_before, people,
       treated_list_id, control_list_id, started_at, started_at + days * interval '24 hours' AS ends_at, ended_at,
       created_by
  FROM experiment
 WHERE workspace_id = %(workspace)s
   AND (%(one)s::integer IS NULL OR experiment_id = %(one)s::integer)
 ORDER BY started_at DESC, experiment_id DESC;

-- name: add_experiment
-- Begins an experiment; its id, or no row when one has the name.
INSERT INTO experiment (workspace_id, name, hypothesis, segment_id, segment_name, salt, treated_share, outcome, days,
                        days_before, people, treated_list_id, control_list_id, started_at, created_by)
VALUES (%(workspace)s, %(name)s, %(hypothesis)s, %(segment_id)s, %(segment_name)s, %(salt)s, %(treated_share)s,
        %(outcome)s, %(days)s, %(days_before)s, %(people)s, %(treated_list_id)s, %(control_list_id)s, %(now)s, %(actor)s)
    ON CONFLICT DO NOTHING
RETURNING experiment_id;

-- name: deal
-- Writes down who is in an arm.
INSERT INTO experiment_person (workspace_id, experiment_id, home_id, is_treated)
SELECT %(workspace)s, %(one)s, dealt.person_id, %(is_treated)s
  FROM unnest(%(persons)s::bigint[]) AS dealt (person_id);

-- name: end_experiment
-- Ends an experiment now.
UPDATE experiment SET ended_at = %(now)s WHERE workspace_id = %(workspace)s AND experiment_id = %(one)s;

-- name: delete_people
-- Forgets who was in an experiment.
DELETE FROM experiment_person WHERE workspace_id = %(workspace)s AND experiment_id = %(one)s;

-- name: delete_experiment
-- Forgets an experiment; its id, or no row when there is none.
DELETE FROM experiment WHERE workspace_id = %(workspace)s AND experiment_id = %(one)s RETURNING experiment_id;

-- name: sum_arms
-- For each arm the living people and the sums of their outcomes from a moment on, and in the days before it. The arms
-- are those of an experiment, or one of given persons. A person who was dealt into both arms before turning out to be
-- one is in neither. Net revenue as in cdp/persons/portrait.sql.
WITH dealt AS (
    SELECT home_id, is_treated
      FROM experiment_person
     WHERE workspace_id = %(workspace)s
       AND experiment_id = %(one)s
     UNION ALL
    SELECT given.person_id, true
      FROM unnest(%(persons)s::bigint[]) AS given (person_id)
), subject AS MATERIALIZED (
    SELECT known.person_id, bool_or(dealt.is_treated) AS is_treated,
           bool_or(dealt.is_treated) <> bool_and(dealt.is_treated) AS is_mixed
      FROM dealt
      JOIN identifier AS known ON known.workspace_id = %(workspace)s AND known.home_id = dealt.home_id
     GROUP BY known.person_id
), place AS (
    SELECT time_zone, reporting_currency FROM workspace WHERE workspace_id = %(workspace)s
), sold AS (
    SELECT subject.person_id, paid.placed_at >= %(begin)s AS is_after,
           CASE WHEN back.is_whole THEN 0 ELSE greatest(paid.total_minor - coalesce(back.amount_minor, 0), 0) END
           * CASE WHEN paid.currency = place.reporting_currency THEN 1
                  ELSE reporting_factor(%(workspace)s, paid.currency, (paid.placed_at AT TIME ZONE place.time_zone)::date)
             END AS net
      FROM subject
      JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.person_id = subject.person_id
      JOIN shop_order AS paid ON paid.workspace_id = %(workspace)s AND paid.home_id = home.home_id
     CROSS JOIN place
      LEFT JOIN LATERAL (SELECT sum(amount_minor) AS amount_minor, bool_or(amount_minor IS NULL) AS is_whole
                           FROM refund
                          WHERE refund.workspace_id = %(workspace)s
                            AND refund.order_id = paid.order_id) AS back ON true
     WHERE paid.status = 'paid'
       AND paid.stated_at > timestamptz 'epoch'
       AND paid.placed_at >= %(before)s
       AND paid.placed_at < %(until)s
), done AS (
    SELECT person_id,
           coalesce(sum(round(net)) FILTER (WHERE is_after), 0) AS revenue,
           count(*) FILTER (WHERE is_after) AS orders,
           coalesce(sum(round(net)) FILTER (WHERE NOT is_after), 0) AS revenue_before,
           count(*) FILTER (WHERE NOT is_after) AS orders_before
      FROM sold
     GROUP BY person_id
), outcome AS (
    SELECT subject.is_treated, subject.is_mixed,
           coalesce(CASE %(outcome)s WHEN 'revenue' THEN done.revenue WHEN 'orders' THEN done.orders
                                     ELSE least(done.orders, 1) END, 0)::double precision AS y,
           coalesce(CASE %(outcome)s WHEN 'revenue' THEN done.revenue_before WHEN 'orders' THEN done.orders_before
                                     ELSE least(done.orders_before, 1) END, 0)::double precision AS x
      FROM subject
      LEFT JOIN done USING (person_id)
)
SELECT is_treated, is_mixed, count(*) AS people, sum(y) AS total, sum(y * y) AS squares, sum(x) AS pre_total,
       sum(x * x) AS pre_squares, sum(x * y) AS cross
  FROM outcome
 GROUP BY is_treated, is_mixed;
