-- What came of a broadcast, and what is kept of that; every statement in one workspace.

-- name: find_run
-- How far a broadcast is, as counted last, what it tries, and in which currency costs are told.
SELECT broadcast.broadcast_id, broadcast.state, broadcast.phase, broadcast.people, broadcast.released, broadcast.routes,
       broadcast.experiment, broadcast.variants, broadcast.winner, broadcast.winner_at, broadcast.evidence,
       broadcast.progress, broadcast.counted_at, broadcast.ended_at,
       coalesce(broadcast.starts_at, broadcast.launched_at) AS began_at, place.reporting_currency AS currency
  FROM broadcast
  JOIN workspace AS place ON place.workspace_id = %(workspace)s
 WHERE broadcast.workspace_id = %(workspace)s
   AND broadcast.broadcast_id = %(broadcast_id)s;

-- name: count_intents
-- How many messages of a step are in which state, by route, variant and rule, and what they cost, with the first and
-- the last of their ids and times. A message is replaced if the next route was tried instead; it is gone if the platform
-- took it, whatever came of it then.
SELECT intent.occurrence, intent.channel, intent.account_id,
       coalesce(nullif(wording.said ->> 'variant', ''), intent.proof ->> 'variant', '') AS variant,
       intent.state, coalesce(intent.rule, '') AS rule, intent.fallback IS NOT DISTINCT FROM 'did' AS is_replaced,
       intent.state = 'sent' OR intent.state = 'failed' AND intent.platform_id IS NOT NULL AS is_gone,
       intent.cost_currency, count(*) AS messages, coalesce(sum(intent.cost_micros), 0)::bigint AS cost_micros,
       min(intent.intent_id) AS first_id, max(intent.intent_id) AS last_id,
       min(intent.done_at) AS first_at, max(intent.done_at) AS last_at
  FROM intent
  LEFT JOIN wording ON wording.workspace_id = %(workspace)s AND wording.wording_id = intent.wording_id
 WHERE intent.workspace_id = %(workspace)s
   AND intent.step = %(step)s
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9;

-- name: list_worth
-- What a millionth of some currencies is worth in minor units of the reporting one today; NULL without a rate.
SELECT given.currency,
       reporting_factor(%(workspace)s, given.currency, current_date) * 10::numeric ^ currency_digits(given.currency)
       / 1000000 AS minor_per_micro
  FROM unnest(%(currencies)s::text[]) AS given (currency);

-- name: count_gone
-- How many messages of a step went out in each stretch of time of a given length.
SELECT date_bin(%(width)s::interval, done_at, timestamptz 'epoch') AS began_at, count(*) AS sent
  FROM intent
 WHERE workspace_id = %(workspace)s
   AND step = %(step)s
   AND done_at IS NOT NULL
   AND (state = 'sent' OR state = 'failed' AND platform_id IS NOT NULL)
 GROUP BY 1
 ORDER BY 1;

-- name: count_deeds
-- Of the messages of a step that went out, by route and variant: with how many was done what, each message once. What its
-- reader did within some days after it counts as its doing. Who did something is looked for, and then the message that
-- the person had got, so that messages with which nothing was done cost nothing.
-- A deed is a sum of these: 1 delivered, 2 opened, 4 by a human, 8 clicked, 16 by a human, 32 replied, 64 bounced,
-- 128 complained, 256 unsubscribed, 512 converted.
WITH late AS (
    SELECT conversation.home_id, message.said_at AS done_at, 33 AS bits, conversation.account_id,
           NULL::text AS channel, NULL::text AS of_intent
      FROM conversation
      JOIN message
        ON message.workspace_id = %(workspace)s
       AND message.conversation_id = conversation.conversation_id
       AND message.kind = 'in'
       AND message.said_at > %(began_at)s AND message.said_at <= %(until)s
     WHERE conversation.workspace_id = %(workspace)s
       AND conversation.state IN ('open', 'snoozed', 'closed')
       AND conversation.last_at > %(began_at)s
       AND conversation.last_in_at > %(began_at)s
     UNION ALL
    SELECT home_id, decided_at, 257, NULL, channel, evidence ->> 'intent_id'
      FROM consent
     WHERE workspace_id = %(workspace)s
       AND NOT is_granted
       AND purpose = 'marketing'
       AND decided_at > %(began_at)s
       AND (decided_at <= %(until)s OR evidence ? 'intent_id')
     UNION ALL
    SELECT home_id, placed_at, 512, NULL, NULL, NULL
      FROM shop_order
     WHERE workspace_id = %(workspace)s
       AND status = 'paid'
       AND stated_at > timestamptz 'epoch'
       AND placed_at > %(began_at)s AND placed_at <= %(until)s
), told AS (
    SELECT intent_id,
           bit_or(CASE state
                  WHEN 'delivered' THEN 1
                  WHEN 'complained' THEN 129
                  WHEN 'clicked' THEN CASE WHEN is_machine THEN 11 ELSE 31 END
                  WHEN 'bounced' THEN 64
                  WHEN 'refused' THEN 64
                  ELSE CASE WHEN is_machine THEN 3 ELSE 7 END END) AS bits
      FROM receipt
     WHERE workspace_id = %(workspace)s
       AND intent_id BETWEEN %(first_id)s AND %(last_id)s
       AND state IN ('delivered', 'read', 'opened', 'clicked', 'bounced', 'refused', 'complained')
     GROUP BY intent_id
), done AS (
    SELECT intent_id, bit_or(bits) AS bits
      FROM (SELECT CASE WHEN recipient.message_key LIKE 'fw-%%'
                        THEN split_part(recipient.message_key, '-', 3)::bigint END AS intent_id,
                   CASE WHEN visit.is_settled AND visit.machine = ANY (%(humans)s::text[])
                        THEN CASE visit.kind WHEN 'open' THEN 7 ELSE 31 END
                        ELSE CASE visit.kind WHEN 'open' THEN 3 ELSE 11 END END AS bits
              FROM link_recipient AS recipient
              JOIN link_visit AS visit ON visit.workspace_id = %(workspace)s AND visit.recipient = recipient.code
             WHERE recipient.workspace_id = %(workspace)s
               AND recipient.step = %(step)s
               AND visit.visited_at > %(began_at)s
               AND visit.kind IN ('open', 'click')
             UNION ALL
            SELECT intent.intent_id, late.bits
              FROM late
              JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.home_id = late.home_id
              JOIN identifier AS mate ON mate.workspace_id = %(workspace)s AND mate.person_id = home.person_id
              JOIN intent
                ON intent.workspace_id = %(workspace)s
               AND intent.step = %(step)s
               AND intent.occurrence = ANY (%(places)s::text[])
               AND intent.home_id = mate.home_id
               AND late.done_at > intent.done_at
               AND (late.of_intent = intent.intent_id::text
                    OR late.of_intent IS NULL AND late.done_at <= intent.done_at + %(days)s * interval '24 hours')
               AND (late.channel IS NULL OR late.channel = intent.channel)
               AND (late.account_id IS NULL
                    OR late.account_id = intent.account_id AND home.identifier_hash = intent.address_hash)) AS deed
     GROUP BY intent_id
)
SELECT intent.occurrence, coalesce(nullif(wording.said ->> 'variant', ''), intent.proof ->> 'variant', '') AS variant,
       coalesce(told.bits, 0) | coalesce(done.bits, 0) AS bits, count(*) AS messages
  FROM intent
  LEFT JOIN told ON told.intent_id = intent.intent_id
  LEFT JOIN done ON done.intent_id = intent.intent_id
  LEFT JOIN wording ON wording.workspace_id = %(workspace)s AND wording.wording_id = intent.wording_id
 WHERE intent.workspace_id = %(workspace)s
   AND intent.step = %(step)s
   AND (intent.state = 'sent' OR intent.state = 'failed' AND intent.platform_id IS NOT NULL)
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3;

-- name: find_kept
-- The figures that are kept of a broadcast, or no row.
SELECT figures, as_of, cost_ms, gone_at
  FROM broadcast_report
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: hold_kept
-- The same, for whoever counts them anew, until the transaction ends; no row while somebody else does.
SELECT figures, as_of, cost_ms, gone_at
  FROM broadcast_report
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s
   FOR UPDATE SKIP LOCKED;

-- name: put_kept
-- Keeps figures, with how long this transaction took to count them, unless later ones are kept.
INSERT INTO broadcast_report (workspace_id, broadcast_id, figures, as_of, cost_ms)
VALUES (%(workspace)s, %(broadcast_id)s, %(figures)s::jsonb, %(now)s,
        extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000)
    ON CONFLICT (workspace_id, broadcast_id) DO UPDATE
   SET figures = excluded.figures, as_of = excluded.as_of, cost_ms = excluded.cost_ms
 WHERE broadcast_report.as_of < excluded.as_of
   AND broadcast_report.gone_at IS NULL;

-- name: let_go
-- From now on what the figures of a broadcast rest on may be gone.
UPDATE broadcast_report
   SET gone_at = %(now)s
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s
   AND gone_at IS NULL;

-- name: list_ended
-- Broadcasts that are over and whose figures are to be kept for good now: the time in which anything counts is over, or
-- what they rest on may be let go of (is_leaving).
SELECT broadcast.broadcast_id,
       coalesce(coalesce(broadcast.starts_at, broadcast.launched_at) < %(before)s::timestamptz, false) AS is_leaving
  FROM broadcast
  LEFT JOIN broadcast_report AS kept
         ON kept.workspace_id = %(workspace)s AND kept.broadcast_id = broadcast.broadcast_id
 WHERE broadcast.workspace_id = %(workspace)s
   AND broadcast.launched_at IS NOT NULL
   AND broadcast.ended_at IS NOT NULL
   AND kept.gone_at IS NULL
   AND (coalesce(broadcast.starts_at, broadcast.launched_at) < %(before)s::timestamptz
        OR broadcast.ended_at + %(counts_for)s::interval <= %(now)s
           AND coalesce(kept.as_of < broadcast.ended_at + %(counts_for)s::interval, true))
 ORDER BY broadcast.broadcast_id;

-- name: list_people
-- Some of the people of a step with what became of the last message to each, in the order of routes and persons.
SELECT intent.intent_id, intent.occurrence, intent.home_id, coalesce(home.person_id, intent.home_id) AS person_id,
       coalesce(person.display_name, '') AS name, intent.channel, intent.account_id, intent.state, intent.rule,
       coalesce(nullif(wording.said ->> 'variant', ''), intent.proof ->> 'variant', '') AS variant,
       intent.due_at, intent.done_at
  FROM intent
  LEFT JOIN wording ON wording.workspace_id = %(workspace)s AND wording.wording_id = intent.wording_id
  LEFT JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.home_id = intent.home_id
  LEFT JOIN person ON person.workspace_id = %(workspace)s AND person.person_id = home.person_id
 WHERE intent.workspace_id = %(workspace)s
   AND intent.step = %(step)s
   AND intent.fallback IS DISTINCT FROM 'did'
   AND (intent.occurrence, intent.home_id) > (%(occurrence)s, %(home_id)s)
   AND (%(states)s::text[] IS NULL OR intent.state = ANY (%(states)s::text[]))
   AND (%(rule)s::text IS NULL OR intent.rule = %(rule)s)
   AND (%(variant)s::text IS NULL
        OR coalesce(nullif(wording.said ->> 'variant', ''), intent.proof ->> 'variant', '') = %(variant)s)
 ORDER BY intent.occurrence, intent.home_id
 LIMIT %(limit)s;

-- name: list_tests
-- Broadcasts that try variants and have no winner yet.
SELECT broadcast_id, people, released, experiment, variants, evidence, ended_at,
       coalesce(starts_at, launched_at) AS began_at
  FROM broadcast
 WHERE workspace_id = %(workspace)s
   AND state IN ('running', 'paused')
   AND phase IN ('testing', 'deciding')
   AND experiment IS NOT NULL
   AND winner IS NULL
 ORDER BY broadcast_id;
