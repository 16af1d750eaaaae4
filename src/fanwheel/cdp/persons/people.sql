-- People as the cockpit lists and shows them.

-- name: plan_each_time
-- Filters that are not set must vanish from the plan, which a plan made for every value cannot do.
SELECT set_config('plan_cache_mode', 'force_custom_plan', true);

-- name: get_region
-- The country of phones without a country code.
SELECT default_region FROM workspace WHERE workspace_id = %(workspace)s;

-- name: find_matches
-- Persons with an identifier that is or begins with what was typed, or a name that holds it; so many of each at most.
-- A range says what LIKE would: the fence keeps LIKE from the index, since it might tell of rows of others.
WITH by_value AS (
    SELECT person_id
      FROM identifier
     WHERE workspace_id = %(workspace)s
       AND value = ANY (%(exact)s::text[])
), by_openid AS (
    SELECT person_id
      FROM identifier
     WHERE workspace_id = %(workspace)s
       AND bare_openid = ANY (%(exact)s::text[])
), by_prefix AS (
    SELECT begun.person_id
      FROM unnest(%(prefixes)s::text[]) AS typed (prefix)
     CROSS JOIN LATERAL (SELECT person_id
                           FROM identifier
                          WHERE workspace_id = %(workspace)s
                            AND value ~>=~ typed.prefix
                            AND value ~<~ (typed.prefix || U&'\+10FFFF')
                          ORDER BY value USING ~<~
                          LIMIT %(most)s) AS begun
), by_name AS (
    SELECT person_id
      FROM person
     WHERE workspace_id = %(workspace)s
       AND %(within)s::text IS NOT NULL
       AND lower(display_name) LIKE %(within)s::text
       -- Not whoever has just become part of another: that row goes when its fold is over.
       AND EXISTS (SELECT
                     FROM identifier AS own
                    WHERE own.workspace_id = %(workspace)s AND own.person_id = person.person_id)
     ORDER BY person_id
     LIMIT %(most)s
)
SELECT person_id FROM by_value
 UNION
SELECT person_id FROM by_openid
 UNION
SELECT person_id FROM by_prefix
 UNION
SELECT person_id FROM by_name;

-- name: list_by_last_seen_down
-- Persons that match, those seen last first; after a key where one is given, and so many further on.
SELECT person_id, last_seen_at AS sort_key
  FROM person
 WHERE workspace_id = %(workspace)s
   AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer, %(tag)s::text,
                      %(is_fan)s::boolean, %(found)s::bigint[])
   AND person_among(person, %(list_id)s::integer, %(bits)s::bytea, %(low)s::bigint, %(high)s::bigint)
   AND (%(after_id)s::bigint IS NULL OR (last_seen_at, person_id) < (%(after)s::timestamptz, %(after_id)s::bigint))
 ORDER BY last_seen_at DESC, person_id DESC
OFFSET %(skip)s
 LIMIT %(limit)s;

-- name: list_by_last_seen_up
-- The same; those longest away first.
SELECT person_id, last_seen_at AS sort_key
  FROM person
 WHERE workspace_id = %(workspace)s
   AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer, %(tag)s::text,
                      %(is_fan)s::boolean, %(found)s::bigint[])
   AND person_among(person, %(list_id)s::integer, %(bits)s::bytea, %(low)s::bigint, %(high)s::bigint)
   AND (%(after_id)s::bigint IS NULL OR (last_seen_at, person_id) > (%(after)s::timestamptz, %(after_id)s::bigint))
 ORDER BY last_seen_at, person_id
OFFSET %(skip)s
 LIMIT %(limit)s;

-- name: list_by_revenue_down
-- The same; those who brought most first.
SELECT person_id, revenue_minor AS sort_key
  FROM person
 WHERE workspace_id = %(workspace)s
   AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer, %(tag)s::text,
                      %(is_fan)s::boolean, %(found)s::bigint[])
   AND person_among(person, %(list_id)s::integer, %(bits)s::bytea, %(low)s::bigint, %(high)s::bigint)
   AND (%(after_id)s::bigint IS NULL OR (revenue_minor, person_id) < (%(after)s::bigint, %(after_id)s::bigint))
 ORDER BY revenue_minor DESC, person_id DESC
OFFSET %(skip)s
 LIMIT %(limit)s;

-- name: list_by_revenue_up
-- The same; those who brought least first.
SELECT person_id, revenue_minor AS sort_key
  FROM person
 WHERE workspace_id = %(workspace)s
   AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer, %(tag)s::text,
                      %(is_fan)s::boolean, %(found)s::bigint[])
   AND person_among(person, %(list_id)s::integer, %(bits)s::bytea, %(low)s::bigint, %(high)s::bigint)
   AND (%(after_id)s::bigint IS NULL OR (revenue_minor, person_id) > (%(after)s::bigint, %(after_id)s::bigint))
 ORDER BY revenue_minor, person_id
OFFSET %(skip)s
 LIMIT %(limit)s;

-- name: find_by_last_seen_down
-- Persons who match and whose bits are set, those seen last first. Mostly they are among the next in the order of everybody.
-- Of those not seen for long, say, all come last in it; then a look at everybody as they lie on disk costs less than to
-- walk there, and nothing but the sum keeps the planner from walking.
WITH near AS MATERIALIZED (
    SELECT next.person_id, next.sort_key
      FROM (SELECT person_id, last_seen_at AS sort_key
              FROM person
             WHERE workspace_id = %(workspace)s
               AND is_real
               AND (%(after_id)s::bigint IS NULL OR (last_seen_at, person_id) < (%(after)s::timestamptz, %(after_id)s::bigint))
             ORDER BY last_seen_at DESC, person_id DESC
             LIMIT %(most)s) AS next
     WHERE has_bit(%(bits)s::bytea, %(low)s::bigint, %(high)s::bigint, next.person_id)
       AND CASE WHEN %(asks_only_who)s THEN true
                ELSE EXISTS (SELECT
                               FROM person
                              WHERE workspace_id = %(workspace)s
                                AND person_id = next.person_id
                                AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer,
                                                   %(tag)s::text, %(is_fan)s::boolean, %(found)s::bigint[])
                                AND person_among(person, %(list_id)s::integer, NULL, NULL, NULL)) END
     LIMIT %(limit)s
)
SELECT person_id, sort_key FROM near WHERE (SELECT count(*) FROM near) >= %(wanted)s
UNION ALL
(SELECT person_id, last_seen_at
   FROM person
  WHERE workspace_id = %(workspace)s
    AND (SELECT count(*) FROM near) < %(wanted)s
    AND person_among(person, %(list_id)s::integer, %(bits)s::bytea, %(low)s::bigint, %(high)s::bigint)
    AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer, %(tag)s::text,
                       %(is_fan)s::boolean, %(found)s::bigint[])
    AND (%(after_id)s::bigint IS NULL OR (last_seen_at, person_id) < (%(after)s::timestamptz, %(after_id)s::bigint))
  ORDER BY last_seen_at + interval '0' DESC, person_id DESC
  LIMIT %(limit)s)
 ORDER BY sort_key DESC, person_id DESC;

-- name: find_by_last_seen_up
-- The same; those longest away first.
WITH near AS MATERIALIZED (
    SELECT next.person_id, next.sort_key
      FROM (SELECT person_id, last_seen_at AS sort_key
              FROM person
             WHERE workspace_id = %(workspace)s
               AND is_real
               AND (%(after_id)s::bigint IS NULL OR (last_seen_at, person_id) > (%(after)s::timestamptz, %(after_id)s::bigint))
             ORDER BY last_seen_at, person_id
             LIMIT %(most)s) AS next
     WHERE has_bit(%(bits)s::bytea, %(low)s::bigint, %(high)s::bigint, next.person_id)
       AND CASE WHEN %(asks_only_who)s THEN true
                ELSE EXISTS (SELECT
                               FROM person
                              WHERE workspace_id = %(workspace)s
                                AND person_id = next.person_id
                                AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer,
                                                   %(tag)s::text, %(is_fan)s::boolean, %(found)s::bigint[])
                                AND person_among(person, %(list_id)s::integer, NULL, NULL, NULL)) END
     LIMIT %(limit)s
)
SELECT person_id, sort_key FROM near WHERE (SELECT count(*) FROM near) >= %(wanted)s
UNION ALL
(SELECT person_id, last_seen_at
   FROM person
  WHERE workspace_id = %(workspace)s
    AND (SELECT count(*) FROM near) < %(wanted)s
    AND person_among(person, %(list_id)s::integer, %(bits)s::bytea, %(low)s::bigint, %(high)s::bigint)
    AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer, %(tag)s::text,
                       %(is_fan)s::boolean, %(found)s::bigint[])
    AND (%(after_id)s::bigint IS NULL OR (last_seen_at, person_id) > (%(after)s::timestamptz, %(after_id)s::bigint))
  ORDER BY last_seen_at + interval '0', person_id
  LIMIT %(limit)s)
 ORDER BY sort_key, person_id;

-- name: find_by_revenue_down
-- The same; those who brought most first.
WITH near AS MATERIALIZED (
    SELECT next.person_id, next.sort_key
      FROM (SELECT person_id, revenue_minor AS sort_key
              FROM person
             WHERE workspace_id = %(workspace)s
               AND is_real
               AND (%(after_id)s::bigint IS NULL OR (revenue_minor, person_id) < (%(after)s::bigint, %(after_id)s::bigint))
             ORDER BY revenue_minor DESC, person_id DESC
             LIMIT %(most)s) AS next
     WHERE has_bit(%(bits)s::bytea, %(low)s::bigint, %(high)s::bigint, next.person_id)
       AND CASE WHEN %(asks_only_who)s THEN true
                ELSE EXISTS (SELECT
                               FROM person
                              WHERE workspace_id = %(workspace)s
                                AND person_id = next.person_id
                                AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer,
                                                   %(tag)s::text, %(is_fan)s::boolean, %(found)s::bigint[])
                                AND person_among(person, %(list_id)s::integer, NULL, NULL, NULL)) END
     LIMIT %(limit)s
)
SELECT person_id, sort_key FROM near WHERE (SELECT count(*) FROM near) >= %(wanted)s
UNION ALL
(SELECT person_id, revenue_minor
   FROM person
  WHERE workspace_id = %(workspace)s
    AND (SELECT count(*) FROM near) < %(wanted)s
    AND person_among(person, %(list_id)s::integer, %(bits)s::bytea, %(low)s::bigint, %(high)s::bigint)
    AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer, %(tag)s::text,
                       %(is_fan)s::boolean, %(found)s::bigint[])
    AND (%(after_id)s::bigint IS NULL OR (revenue_minor, person_id) < (%(after)s::bigint, %(after_id)s::bigint))
  ORDER BY revenue_minor + 0 DESC, person_id DESC
  LIMIT %(limit)s)
 ORDER BY sort_key DESC, person_id DESC;

-- name: find_by_revenue_up
-- The same; those who brought least first.
WITH near AS MATERIALIZED (
    SELECT next.person_id, next.sort_key
      FROM (SELECT person_id, revenue_minor AS sort_key
              FROM person
             WHERE workspace_id = %(workspace)s
               AND is_real
               AND (%(after_id)s::bigint IS NULL OR (revenue_minor, person_id) > (%(after)s::bigint, %(after_id)s::bigint))
             ORDER BY revenue_minor, person_id
             LIMIT %(most)s) AS next
     WHERE has_bit(%(bits)s::bytea, %(low)s::bigint, %(high)s::bigint, next.person_id)
       AND CASE WHEN %(asks_only_who)s THEN true
                ELSE EXISTS (SELECT
                               FROM person
                              WHERE workspace_id = %(workspace)s
                                AND person_id = next.person_id
                                AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer,
                                                   %(tag)s::text, %(is_fan)s::boolean, %(found)s::bigint[])
                                AND person_among(person, %(list_id)s::integer, NULL, NULL, NULL)) END
     LIMIT %(limit)s
)
SELECT person_id, sort_key FROM near WHERE (SELECT count(*) FROM near) >= %(wanted)s
UNION ALL
(SELECT person_id, revenue_minor
   FROM person
  WHERE workspace_id = %(workspace)s
    AND (SELECT count(*) FROM near) < %(wanted)s
    AND person_among(person, %(list_id)s::integer, %(bits)s::bytea, %(low)s::bigint, %(high)s::bigint)
    AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer, %(tag)s::text,
                       %(is_fan)s::boolean, %(found)s::bigint[])
    AND (%(after_id)s::bigint IS NULL OR (revenue_minor, person_id) > (%(after)s::bigint, %(after_id)s::bigint))
  ORDER BY revenue_minor + 0, person_id
  LIMIT %(limit)s)
 ORDER BY sort_key, person_id;

-- name: count_people
-- How many persons match, counted no further than asked where that is asked.
SELECT count(*) AS matches
  FROM (SELECT
          FROM person
         WHERE workspace_id = %(workspace)s
           AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer, %(tag)s::text,
                      %(is_fan)s::boolean, %(found)s::bigint[])
           AND person_among(person, %(list_id)s::integer, %(bits)s::bytea, %(low)s::bigint, %(high)s::bigint)
         LIMIT %(most)s::bigint) AS counted;

-- name: choose_people
-- The persons that match, in the order of their ids, up to a number of them.
SELECT person_id
  FROM person
 WHERE workspace_id = %(workspace)s
   AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer, %(tag)s::text,
                      %(is_fan)s::boolean, %(found)s::bigint[])
   AND person_among(person, %(list_id)s::integer, %(bits)s::bytea, %(low)s::bigint, %(high)s::bigint)
 ORDER BY person_id
 LIMIT %(most)s;

-- name: list_listed
-- The persons on a list in the order of their ids, up to a number of them.
SELECT DISTINCT home.person_id
  FROM person_list AS listed
  JOIN identifier AS home ON home.workspace_id = listed.workspace_id AND home.home_id = listed.home_id
 WHERE listed.workspace_id = %(workspace)s
   AND listed.list_id = %(list_id)s
 ORDER BY home.person_id
 LIMIT %(most)s;

-- name: export_people
-- Rows of persons for a table, in the order of their ids. Times: UTC.
SELECT person_id, user_id, email, phone, unionid, openid, wecom_external_userid, douyin_open_id, tiktok_open_id,
       telegram_id, line_id, anonymous_id, name, stage, is_fan, array_to_string(tags, ', ') AS tags, order_count,
       round(revenue, currency_digits(currency)) AS revenue, currency, first_seen_at, last_seen_at
  FROM person_row
 WHERE workspace_id = %(workspace)s
   AND person_id = ANY (%(people)s::bigint[])
 ORDER BY person_id;

-- name: estimate_people
-- The planner's guess at how many persons match, as a plan in JSON.
EXPLAIN (FORMAT JSON)
SELECT
  FROM person
 WHERE workspace_id = %(workspace)s
   AND person_matches(person, %(stage)s::smallint, %(domain)s::smallint, %(source_id)s::integer, %(tag)s::text,
                      %(is_fan)s::boolean, %(found)s::bigint[]);

-- name: get_people
-- Rows of persons with up to three of their identifiers, the strongest first; in no order.
SELECT person.person_id AS id, person.display_name AS name, person.stage, person.tags, person.is_fan, person.order_count,
       person.revenue_minor, workspace.reporting_currency AS currency, person.first_seen_at, person.last_seen_at,
       first_source.slug AS first_source, person.first_domain, person.first_touch_at,
       last_source.slug AS last_source, person.last_domain, person.last_touch_at,
       person.introduced_at, person.operated_at, person.converted_at, person.shared_at, person.repurchased_at,
       coalesce(known.identifiers, '[]') AS identifiers
  FROM person
  JOIN workspace USING (workspace_id)
  LEFT JOIN source AS first_source
         ON first_source.workspace_id = person.workspace_id AND first_source.source_id = person.first_source_id
  LEFT JOIN source AS last_source
         ON last_source.workspace_id = person.workspace_id AND last_source.source_id = person.last_source_id
 CROSS JOIN LATERAL (
       SELECT json_agg(json_build_object('kind', best.kind, 'value', best.value)) AS identifiers
         FROM (SELECT kind, value
                 FROM identifier
                WHERE identifier.workspace_id = person.workspace_id
                  AND identifier.person_id = person.person_id
                ORDER BY array_position(ARRAY['email', 'phone', 'user_id', 'unionid', 'openid', 'wecom_external_userid',
                                              'douyin_open_id', 'tiktok_open_id', 'telegram_id', 'line_id', 'anonymous_id',
                                              'device_id'], kind), home_id
                LIMIT 3) AS best) AS known
 WHERE person.workspace_id = %(workspace)s
   AND person.person_id = ANY (%(people)s::bigint[]);

-- name: list_nodes
-- Every identifier of a person, oldest home first.
SELECT home_id, kind, value, first_seen_at
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND person_id = %(person)s
 ORDER BY home_id;

-- name: list_edges
-- The edges among some homes.
SELECT low_id, high_id, origin, is_cut, first_seen_at
  FROM identity_edge
 WHERE workspace_id = %(workspace)s
   AND low_id = ANY (%(homes)s::bigint[])
   AND high_id = ANY (%(homes)s::bigint[])
 ORDER BY low_id, high_id, is_manual
 LIMIT 5000;

-- name: list_history
-- What happened to the identity of some homes, newest first.
SELECT audited_at AS at, actor, action, person_id, other_ids, reason
  FROM identity_audit
 WHERE workspace_id = %(workspace)s
   AND (person_id = ANY (%(homes)s::bigint[]) OR other_ids && %(homes)s::bigint[])
 ORDER BY audit_id DESC
 LIMIT 200;

-- name: list_consents
-- The newest statement of some homes per channel and purpose.
SELECT DISTINCT ON (channel, purpose) channel, purpose, is_granted AS granted, decided_at AS at
  FROM consent
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[])
 ORDER BY channel, purpose, decided_at DESC, consent_id DESC;

-- name: list_clicks
-- The click ids that some homes came with, newest first.
SELECT kind, value, min(clicked_at) AS at
  FROM person_click
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[])
 GROUP BY kind, value
 ORDER BY at DESC, kind, value
 LIMIT 200;

-- name: list_orders
-- The latest orders of some homes, in their own currency.
SELECT sold.order_id, sold.status, sold.placed_at, sold.currency, sold.total_minor,
       least(CASE WHEN back.is_whole THEN sold.total_minor ELSE coalesce(back.amount_minor, 0) END,
             sold.total_minor)::bigint AS refunded_minor,
       CASE WHEN sold.status = 'cancelled' OR back.is_whole THEN 0
            ELSE greatest(sold.total_minor - coalesce(back.amount_minor, 0), 0) END::bigint AS net_minor,
       sold.coupon, sold.line_count AS lines
  FROM (SELECT shop_order.order_id, shop_order.status, shop_order.placed_at, shop_order.currency, shop_order.total_minor,
               shop_order.coupon,
               (SELECT count(*) FROM order_line
                 WHERE order_line.workspace_id = %(workspace)s
                   AND order_line.order_id = shop_order.order_id) AS line_count
          FROM shop_order
         WHERE workspace_id = %(workspace)s
           AND home_id = ANY (%(homes)s::bigint[])
           -- Of some orders only a refund, a cancellation or a coupon is known yet.
           AND stated_at > timestamptz 'epoch'
         ORDER BY placed_at DESC, order_id
         LIMIT 20) AS sold
  LEFT JOIN LATERAL (SELECT sum(amount_minor) AS amount_minor, bool_or(amount_minor IS NULL) AS is_whole
                       FROM refund
                      WHERE refund.workspace_id = %(workspace)s
                        AND refund.order_id = sold.order_id) AS back ON true
 ORDER BY sold.placed_at DESC, sold.order_id;
