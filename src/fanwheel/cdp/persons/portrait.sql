-- The portrait: one row per living person, folded from what is kept per home.

-- name: take_stale
-- Persons that were asked to be folded again; those that another transaction has taken are left to it.
DELETE FROM person_stale
 WHERE workspace_id = %(workspace)s
   AND stale_id IN (SELECT stale_id
                      FROM person_stale
                     WHERE workspace_id = %(workspace)s
                     ORDER BY stale_id
                     LIMIT %(most)s
                       FOR UPDATE SKIP LOCKED)
RETURNING person_id;

-- name: mark_buyers_stale
-- Asks for every person with an order to be folded again.
INSERT INTO person_stale (workspace_id, person_id)
SELECT DISTINCT %(workspace)s::integer, identifier.person_id
  FROM shop_order
  JOIN identifier USING (workspace_id, home_id)
 WHERE shop_order.workspace_id = %(workspace)s;

-- name: list_living
-- The living persons behind some home ids; a person's id is a home id too.
SELECT DISTINCT person_id
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[]);

-- name: delete_absent
-- Takes persons to whom nothing belongs any more out of the lists.
DELETE FROM person
 WHERE workspace_id = %(workspace)s
   AND person_id = ANY (%(persons)s::bigint[])
   AND NOT EXISTS (SELECT FROM identifier
                    WHERE identifier.workspace_id = person.workspace_id
                      AND identifier.person_id = person.person_id);

-- name: delete_erased_changes
-- Deletes what has changed in the portraits of those who were erased; whoever was merged is a home still.
DELETE FROM portrait_change
 WHERE workspace_id = %(workspace)s
   AND person_id = ANY (%(persons)s::bigint[])
   AND NOT EXISTS (SELECT FROM identifier
                    WHERE identifier.workspace_id = portrait_change.workspace_id
                      AND identifier.home_id = portrait_change.person_id);

-- name: fold
-- Makes the rows of living persons again from their homes, and writes down what has changed in them. Net revenue is
-- defined as in measure/reports/datasets.sql, stages as in measure/reports/reach.sql; of two statements of one instant
-- the smaller text counts, as in keep_newest.
WITH asked AS (
    -- A text, not an array: PostgreSQL takes it for a thousand persons, an array it does not see for ten. For so few it
    -- would put what is known of everybody together by comparing each with each.
    SELECT each.id::bigint AS person_id
      FROM string_to_table(%(persons)s, ',') AS each (id)
), was AS MATERIALIZED (
    -- Held, so that nobody changes between the look and the writing what is compared. A row without a name was put in by
    -- ingest and has never been folded.
    SELECT person_id, traits, tags, layers, stage, is_real, display_name <> '' AS is_known
      FROM person
      JOIN asked USING (person_id)
     WHERE person.workspace_id = %(workspace)s
     ORDER BY person_id
       FOR NO KEY UPDATE OF person
), member AS MATERIALIZED (
    SELECT person_id, home_id, kind, value, first_seen_at
      FROM identifier
      JOIN asked USING (person_id)
     WHERE identifier.workspace_id = %(workspace)s
), named AS (
    SELECT DISTINCT ON (person_id) person_id,
           CASE kind WHEN 'email' THEN left(split_part(value, '@', 1), 3) || '***'
                     WHEN 'phone' THEN '***' || right(value, 4)
                     ELSE left(value, 40) END AS label
      FROM member
     ORDER BY person_id, array_position(ARRAY['email', 'user_id', 'phone'], kind) NULLS LAST, home_id
), met AS (
    SELECT person_id, min(first_seen_at) AS first_at, max(first_seen_at) AS last_at
      FROM member
     GROUP BY person_id
), part AS MATERIALIZED (
    SELECT member.person_id, member.home_id, said.first_seen_at, said.last_seen_at, said.event_count, said.traits,
           said.first_touch, said.last_touch, said.introduced_at, said.operated_at, said.shared_at, said.fan_channels
      FROM member
      JOIN person_part AS said ON said.workspace_id = %(workspace)s AND said.home_id = member.home_id
), seen AS (
    SELECT person_id,
           min(first_seen_at) AS first_at,
           max(last_seen_at) AS last_at,
           sum(event_count)::bigint AS events,
           min(introduced_at) AS introduced_at,
           min(operated_at) AS operated_at,
           min(shared_at) AS shared_at,
           (array_agg(first_touch ORDER BY (first_touch ->> 'at')::bigint, (first_touch ->> 'source_id')::int, home_id)
               FILTER (WHERE first_touch IS NOT NULL))[1] AS first_touch,
           (array_agg(last_touch ORDER BY (last_touch ->> 'at')::bigint DESC, (last_touch ->> 'source_id')::int DESC, home_id)
               FILTER (WHERE last_touch IS NOT NULL))[1] AS last_touch
      FROM part
     GROUP BY person_id
), trait AS (
    SELECT newest.person_id, jsonb_object_agg(newest.key, newest.value) FILTER (WHERE newest.value <> 'null') AS traits
      FROM (SELECT DISTINCT ON (part.person_id, said.key) part.person_id, said.key, said.value -> 0 AS value
              FROM part
             CROSS JOIN jsonb_each(part.traits) AS said
             ORDER BY part.person_id, said.key, (said.value ->> 1)::bigint DESC,
                      (said.value -> 0)::text COLLATE "C") AS newest
     GROUP BY newest.person_id
), scored AS (
    SELECT DISTINCT ON (member.person_id) member.person_id, given.scores
      FROM member
      JOIN person_score AS given ON given.workspace_id = %(workspace)s AND given.home_id = member.home_id
     -- Of persons who were merged since, the one whose name remains.
     ORDER BY member.person_id, given.scored_at DESC, (given.home_id = member.person_id) DESC, given.home_id
), computed AS MATERIALIZED (
    -- Whatever anybody says under the name of a computed trait, the formula decides.
    SELECT coalesce(array_agg(name), '{}') AS names
      FROM computed_trait
     WHERE workspace_id = %(workspace)s
       AND status <> 'retiring'
), consented AS MATERIALIZED (
    SELECT member.person_id, ledger.channel, ledger.is_granted, ledger.decided_at, ledger.consent_id
      FROM member
      JOIN consent AS ledger ON ledger.workspace_id = %(workspace)s AND ledger.home_id = member.home_id
     -- Leave for another purpose, such as order updates, makes no fan.
     WHERE ledger.purpose = 'marketing'
), reachable AS (
    SELECT newest.person_id, array_agg(newest.channel ORDER BY newest.channel) FILTER (WHERE newest.is_granted) AS channels
      FROM (SELECT DISTINCT ON (person_id, channel) person_id, channel, is_granted
              FROM (SELECT person_id, channel, is_granted, decided_at, consent_id
                      FROM consented
                     UNION ALL
                    SELECT part.person_id, said.key, (said.value ->> 0)::boolean,
                           timestamptz 'epoch' + (said.value ->> 1)::bigint * interval '1 microsecond', 0
                      FROM part
                     CROSS JOIN jsonb_each(part.fan_channels) AS said) AS statement
             ORDER BY person_id, channel, decided_at DESC, consent_id DESC, is_granted) AS newest
     GROUP BY newest.person_id
), joined AS (
    SELECT person_id, min(decided_at) AS first_at
      FROM consented
     WHERE is_granted
     GROUP BY person_id
), place AS (
    SELECT time_zone, reporting_currency
      FROM workspace
     WHERE workspace_id = %(workspace)s
), paid AS (
    SELECT member.person_id, sold.placed_at,
           row_number() OVER (PARTITION BY member.person_id ORDER BY sold.placed_at, sold.order_id) AS turn,
           CASE WHEN back.is_whole THEN 0 ELSE greatest(sold.total_minor - coalesce(back.amount_minor, 0), 0) END
           * CASE WHEN sold.currency = place.reporting_currency THEN 1
                  ELSE reporting_factor(%(workspace)s, sold.currency, (sold.placed_at AT TIME ZONE place.time_zone)::date)
             END AS net
      FROM member
     -- Kept apart, so that each home's orders are looked up: of a table that was never analyzed PostgreSQL would think
     -- that there is one, and compare all there are with everybody.
     CROSS JOIN LATERAL (SELECT order_id, placed_at, total_minor, currency
                           FROM shop_order
                          WHERE shop_order.workspace_id = %(workspace)s
                            AND shop_order.home_id = member.home_id
                            AND shop_order.status = 'paid'
                            AND shop_order.stated_at > timestamptz 'epoch'
                         OFFSET 0) AS sold
     CROSS JOIN place
      LEFT JOIN LATERAL (SELECT sum(amount_minor) AS amount_minor, bool_or(amount_minor IS NULL) AS is_whole
                           FROM refund
                          WHERE refund.workspace_id = %(workspace)s
                            AND refund.order_id = sold.order_id) AS back ON true
), buyer AS (
    SELECT person_id,
           count(*)::integer AS orders,
           coalesce(sum(round(net)), 0)::bigint AS revenue_minor,
           min(placed_at) FILTER (WHERE turn = 1) AS converted_at,
           min(placed_at) FILTER (WHERE turn = 2) AS repurchased_at
      FROM paid
     GROUP BY person_id
), owned AS (
    SELECT member.person_id, own.code
      FROM member
      JOIN invite_code AS own ON own.workspace_id = %(workspace)s AND own.home_id = member.home_id
     WHERE NOT EXISTS (SELECT FROM invite_code AS other
                        WHERE other.workspace_id = %(workspace)s
                          AND other.code = own.code
                          AND (other.sent_at, other.home_id) < (own.sent_at, own.home_id))
), accepted AS (
    SELECT member.person_id, invite.referee_home, invite.accepted_at
      FROM member
      JOIN invite ON invite.workspace_id = %(workspace)s AND invite.referrer_home = member.home_id
     UNION ALL
    SELECT owned.person_id, invite.referee_home, invite.accepted_at
      FROM owned
      JOIN invite ON invite.workspace_id = %(workspace)s AND invite.referrer_home = 0 AND invite.code = owned.code
), brought AS (
    SELECT accepted.person_id, min(accepted.accepted_at) AS first_at
      FROM accepted
      LEFT JOIN identifier AS referee
             ON referee.workspace_id = %(workspace)s AND referee.home_id = accepted.referee_home
     WHERE referee.person_id IS DISTINCT FROM accepted.person_id
     GROUP BY accepted.person_id
), invited AS (
    SELECT DISTINCT member.person_id
      FROM member
      JOIN invite ON invite.workspace_id = %(workspace)s AND invite.referee_home = member.home_id
      LEFT JOIN identifier AS referrer
             ON referrer.workspace_id = %(workspace)s AND referrer.home_id = invite.referrer_home
     -- Not by oneself: whom the invite names is another, or the code was none of one's own.
     WHERE CASE WHEN invite.referrer_home <> 0 THEN referrer.person_id IS DISTINCT FROM member.person_id
                ELSE NOT EXISTS (SELECT FROM invite_code AS own
                                   JOIN member AS mine ON mine.home_id = own.home_id
                                  WHERE own.workspace_id = %(workspace)s
                                    AND own.code = invite.code
                                    AND mine.person_id = member.person_id) END
), listed AS (
    SELECT member.person_id, array_agg(DISTINCT kept.list_id ORDER BY kept.list_id) AS list_ids
      FROM member
      JOIN person_list AS kept ON kept.workspace_id = %(workspace)s AND kept.home_id = member.home_id
     GROUP BY member.person_id
), carried AS (
    -- Of an exclusive group of tags the one that was given last.
    SELECT DISTINCT ON (member.person_id, only_one.group_id, CASE WHEN only_one.group_id IS NULL THEN given.tag END)
           member.person_id, given.tag
      FROM member
      JOIN person_tag AS given ON given.workspace_id = %(workspace)s AND given.home_id = member.home_id
      LEFT JOIN (SELECT definition.tag, definition.group_id
                   FROM tag_definition AS definition
                   JOIN tag_group USING (workspace_id, group_id)
                  WHERE definition.workspace_id = %(workspace)s
                    AND tag_group.is_exclusive) AS only_one ON only_one.tag = given.tag
     ORDER BY member.person_id, only_one.group_id, CASE WHEN only_one.group_id IS NULL THEN given.tag END,
              given.tagged_at DESC, given.tag
), tagged AS (
    SELECT person_id, array_agg(tag ORDER BY tag) AS tags
      FROM carried
     GROUP BY person_id
), layered AS (
    SELECT best.person_id, jsonb_object_agg(best.key, best.class_key) AS layers
      FROM (SELECT DISTINCT ON (member.person_id, layer.layer_id) member.person_id, layer.key, class.key AS class_key
              FROM member
              JOIN person_layer AS held ON held.workspace_id = %(workspace)s AND held.home_id = member.home_id
              JOIN layer ON layer.workspace_id = %(workspace)s AND layer.layer_id = held.layer_id
              JOIN layer_class AS class
                ON class.workspace_id = %(workspace)s AND class.layer_id = held.layer_id AND class.key = held.class_key
             ORDER BY member.person_id, layer.layer_id, class.position DESC) AS best
     GROUP BY best.person_id
), folded AS (
    SELECT met.person_id,
           coalesce(nullif(btrim(trait.traits ->> 'name'), ''),
                    nullif(btrim(concat_ws(' ', coalesce(trait.traits ->> 'firstName', trait.traits ->> 'first_name'),
                                                coalesce(trait.traits ->> 'lastName', trait.traits ->> 'last_name'))), ''),
                    nullif(btrim(coalesce(trait.traits ->> 'nickname', trait.traits ->> 'nickName')), ''),
                    named.label) AS display_name,
           coalesce(seen.first_at, met.first_at) AS first_seen_at,
           coalesce(seen.last_at, met.last_at) AS last_seen_at,
           coalesce(seen.events, 0) AS event_count,
           (coalesce(trait.traits, '{}') || coalesce(scored.scores, '{}')) - computed.names
           || coalesce(reckoned.traits, '{}') AS traits,
           coalesce(tagged.tags, '{}') AS tags,
           coalesce(layered.layers, '{}') AS layers,
           seen.introduced_at,
           least(seen.operated_at, joined.first_at) AS operated_at,
           buyer.converted_at,
           least(seen.shared_at, brought.first_at) AS shared_at,
           buyer.repurchased_at,
           coalesce(reachable.channels, '{}') AS channels,
           brought.person_id IS NOT NULL AS is_inviter,
           invited.person_id IS NOT NULL AS is_invitee,
           coalesce(listed.list_ids, '{}') AS list_ids,
           coalesce(buyer.orders, 0) AS order_count,
           coalesce(buyer.revenue_minor, 0) AS revenue_minor,
           seen.first_touch,
           seen.last_touch,
           met.first_at AS met_at
      FROM met
      JOIN named USING (person_id)
     CROSS JOIN computed
      LEFT JOIN (SELECT person_id, traits
                   FROM person_computed
                  WHERE workspace_id = %(workspace)s) AS reckoned USING (person_id)
      LEFT JOIN seen USING (person_id)
      LEFT JOIN trait USING (person_id)
      LEFT JOIN scored USING (person_id)
      LEFT JOIN reachable USING (person_id)
      LEFT JOIN joined USING (person_id)
      LEFT JOIN buyer USING (person_id)
      LEFT JOIN brought USING (person_id)
      LEFT JOIN invited USING (person_id)
      LEFT JOIN listed USING (person_id)
      LEFT JOIN tagged USING (person_id)
      LEFT JOIN layered USING (person_id)
), made AS MATERIALIZED (
    SELECT person_id, left(display_name, 200) AS display_name, first_seen_at, last_seen_at, event_count, traits, tags,
           CASE WHEN repurchased_at IS NOT NULL THEN 5
                WHEN shared_at IS NOT NULL THEN 4
                WHEN converted_at IS NOT NULL THEN 3
                WHEN operated_at IS NOT NULL THEN 2
                ELSE 1 END AS stage,
           coalesce(introduced_at, least(operated_at, converted_at, shared_at), met_at) AS introduced_at,
           operated_at, converted_at, shared_at, repurchased_at, channels <> '{}' AS is_fan, order_count, revenue_minor,
           coalesce((first_touch ->> 'source_id')::integer, 0) AS first_source_id,
           coalesce((first_touch ->> 'domain')::smallint, 0) AS first_domain,
           timestamptz 'epoch' + (first_touch ->> 'at')::bigint * interval '1 microsecond' AS first_touch_at,
           coalesce((last_touch ->> 'source_id')::integer, 0) AS last_source_id,
           coalesce((last_touch ->> 'domain')::smallint, 0) AS last_domain,
           timestamptz 'epoch' + (last_touch ->> 'at')::bigint * interval '1 microsecond' AS last_touch_at,
           -- Whom the reports know, see measure/reports/reach.sql; the others are identifiers of nobody.
           coalesce(introduced_at, operated_at, converted_at, shared_at) IS NOT NULL AS is_real,
           channels, is_inviter, is_invitee, list_ids, layers
      FROM folded
), put AS (
    INSERT INTO person (workspace_id, person_id, display_name, first_seen_at, last_seen_at, event_count, traits, tags,
                        stage, introduced_at, operated_at, converted_at, shared_at, repurchased_at, is_fan, order_count,
                        revenue_minor, first_source_id, first_domain, first_touch_at, last_source_id, last_domain,
                        last_touch_at, is_real, channels, is_inviter, is_invitee, list_ids, layers)
    SELECT %(workspace)s, person_id, display_name, first_seen_at, last_seen_at, event_count, traits, tags,
           stage, introduced_at, operated_at, converted_at, shared_at, repurchased_at, is_fan, order_count,
           revenue_minor, first_source_id, first_domain, first_touch_at, last_source_id, last_domain,
           last_touch_at, is_real, channels, is_inviter, is_invitee, list_ids, layers
      FROM made
     ORDER BY person_id
        ON CONFLICT (workspace_id, person_id) DO UPDATE
       SET display_name = excluded.display_name,
           first_seen_at = excluded.first_seen_at,
           last_seen_at = excluded.last_seen_at,
           event_count = excluded.event_count,
           traits = excluded.traits,
           tags = excluded.tags,
           stage = excluded.stage,
           introduced_at = excluded.introduced_at,
           operated_at = excluded.operated_at,
           converted_at = excluded.converted_at,
           shared_at = excluded.shared_at,
           repurchased_at = excluded.repurchased_at,
           is_fan = excluded.is_fan,
           order_count = excluded.order_count,
           revenue_minor = excluded.revenue_minor,
           first_source_id = excluded.first_source_id,
           first_domain = excluded.first_domain,
           first_touch_at = excluded.first_touch_at,
           last_source_id = excluded.last_source_id,
           last_domain = excluded.last_domain,
           last_touch_at = excluded.last_touch_at,
           is_real = excluded.is_real,
           channels = excluded.channels,
           is_inviter = excluded.is_inviter,
           is_invitee = excluded.is_invitee,
           list_ids = excluded.list_ids,
           layers = excluded.layers
), quiet AS (
    -- What follows many events, or all, is told only if somebody asked for it; computed traits are told where they are
    -- worked out.
    SELECT name FROM unnest(%(scores)s::text[]) AS known (name)
    EXCEPT
    SELECT name FROM trait_definition WHERE workspace_id = %(workspace)s AND keeps_history
    UNION ALL
    SELECT name FROM trait_definition WHERE workspace_id = %(workspace)s AND (NOT keeps_history OR formula IS NOT NULL)
)
INSERT INTO portrait_change (workspace_id, person_id, kind, name, old, new)
SELECT %(workspace)s, made.person_id, change.kind, change.name, change.old, change.new
  FROM made
  LEFT JOIN was USING (person_id)
 CROSS JOIN LATERAL (
        SELECT 'layer' AS kind, key AS name, before.value AS old, after.value AS new
          FROM jsonb_each(CASE WHEN was.is_known AND was.is_real
                               THEN was.layers || built_in_layers(was.stage, was.traits) END) AS before
          FULL JOIN jsonb_each(CASE WHEN made.is_real
                                    THEN made.layers || built_in_layers(made.stage, made.traits) END) AS after
               USING (key)
         WHERE before.value IS DISTINCT FROM after.value
         UNION ALL
        SELECT 'tag', given.tag, NULL, jsonb 'true'
          FROM (SELECT unnest(made.tags) AS tag EXCEPT SELECT unnest(was.tags)) AS given
         UNION ALL
        SELECT 'tag', gone.tag, jsonb 'true', NULL
          FROM (SELECT unnest(was.tags) AS tag EXCEPT SELECT unnest(made.tags)) AS gone
         UNION ALL
        -- Of somebody new the first values are no changes.
        SELECT 'trait', key, before.value, after.value
          FROM jsonb_each(CASE WHEN was.is_known THEN was.traits END) AS before
          FULL JOIN jsonb_each(CASE WHEN was.is_known THEN made.traits END) AS after USING (key)
         WHERE before.value IS DISTINCT FROM after.value
           AND key NOT IN (SELECT name FROM quiet)) AS change
 WHERE was.person_id IS NULL
    OR NOT was.is_known
    OR (was.traits, was.tags, was.layers, was.stage, was.is_real)
       IS DISTINCT FROM (made.traits, made.tags, made.layers, made.stage, made.is_real)
 ORDER BY made.person_id;

-- name: note_segments
-- Asks for persons to be judged again, where there are segments to judge them for.
INSERT INTO segment_note (workspace_id, person_id)
SELECT %(workspace)s, given.person_id
  FROM unnest(%(persons)s::bigint[]) AS given (person_id)
 WHERE EXISTS (SELECT FROM segment_book WHERE workspace_id = %(workspace)s);
