-- What came of a broadcast; every statement in one workspace.

-- name: find_run
-- How far a broadcast is, what it tries, and in which currency costs are told.
SELECT broadcast.state, broadcast.phase, broadcast.people, broadcast.released, broadcast.routes, broadcast.experiment,
       broadcast.variants, broadcast.winner, broadcast.winner_at, broadcast.evidence,
       coalesce(broadcast.starts_at, broadcast.launched_at) AS began_at, place.reporting_currency AS currency
  FROM broadcast
  JOIN workspace AS place ON place.workspace_id = %(workspace)s
 WHERE broadcast.workspace_id = %(workspace)s
   AND broadcast.broadcast_id = %(broadcast_id)s;

-- name: count_intents
-- How many messages of a step are in which state, by route, variant and rule, and what they cost. A message is replaced
-- if the next route was tried instead; it is gone if the platform took it, whatever came of it then.
SELECT intent.occurrence, intent.channel, intent.account_id,
       coalesce(nullif(wording.said ->> 'variant', ''), intent.proof ->> 'variant', '') AS variant,
       intent.state, coalesce(intent.rule, '') AS rule, intent.fallback IS NOT DISTINCT FROM 'did' AS is_replaced,
       intent.state = 'sent' OR intent.state = 'failed' AND intent.platform_id IS NOT NULL AS is_gone,
       intent.cost_currency, count(*) AS messages, coalesce(sum(intent.cost_micros), 0)::bigint AS cost_micros
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

-- name: find_span
-- When the first and the last message of a step went out.
SELECT min(done_at) AS first_at, max(done_at) AS last_at
  FROM intent
 WHERE workspace_id = %(workspace)s
   AND step = %(step)s
   AND (state = 'sent' OR state = 'failed' AND platform_id IS NOT NULL);

-- name: count_deeds
-- Of the messages of a step that went out, by route and variant: how many did what. Each message counts once; what its
-- reader did within some days after it counts as its doing. Clean figures leave out what machines do by themselves.
-- A deed is a sum of these, so that one pass gathers those of a message: 1 delivered, 2 opened, 4 by a human, 8 clicked,
-- 16 by a human, 32 replied, 64 bounced, 128 complained, 256 unsubscribed, 512 converted.
WITH said AS MATERIALIZED (
    SELECT intent.intent_id, intent.occurrence, intent.channel, intent.account_id, intent.home_id, intent.address_hash,
           intent.done_at AS sent_at, intent.done_at + %(days)s * interval '24 hours' AS until,
           coalesce(nullif(wording.said ->> 'variant', ''), intent.proof ->> 'variant', '') AS variant
      FROM intent
      LEFT JOIN wording ON wording.workspace_id = %(workspace)s AND wording.wording_id = intent.wording_id
     WHERE intent.workspace_id = %(workspace)s
       AND intent.step = %(step)s
       AND (intent.state = 'sent' OR intent.state = 'failed' AND intent.platform_id IS NOT NULL)
), deed AS (
    SELECT said.intent_id,
           CASE receipt.state
                WHEN 'delivered' THEN 1
                WHEN 'complained' THEN 129
                WHEN 'clicked' THEN CASE WHEN receipt.is_machine THEN 11 ELSE 31 END
                WHEN 'bounced' THEN 64
                WHEN 'refused' THEN 64
                ELSE CASE WHEN receipt.is_machine THEN 3 ELSE 7 END END AS bits
      FROM said
      JOIN receipt ON receipt.workspace_id = %(workspace)s AND receipt.intent_id = said.intent_id
     WHERE receipt.state IN ('delivered', 'read', 'opened', 'clicked', 'bounced', 'refused', 'complained')
     UNION ALL
    SELECT CASE WHEN recipient.message_key LIKE 'fw-%%' THEN split_part(recipient.message_key, '-', 3)::bigint END,
           CASE WHEN visit.is_settled AND visit.machine = ANY (%(humans)s::text[])
                THEN CASE visit.kind WHEN 'open' THEN 7 ELSE 31 END
                ELSE CASE visit.kind WHEN 'open' THEN 3 ELSE 11 END END
      FROM link_recipient AS recipient
      JOIN link_visit AS visit ON visit.workspace_id = %(workspace)s AND visit.recipient = recipient.code
     WHERE recipient.workspace_id = %(workspace)s
       AND recipient.step = %(step)s
       AND visit.kind IN ('open', 'click')
     UNION ALL
    SELECT said.intent_id, 33
      FROM conversation
      JOIN identifier AS writer ON writer.workspace_id = %(workspace)s AND writer.home_id = conversation.home_id
      JOIN said ON said.address_hash = writer.identifier_hash AND said.account_id = conversation.account_id
      JOIN message
        ON message.workspace_id = %(workspace)s
       AND message.conversation_id = conversation.conversation_id
       AND message.kind = 'in'
       AND message.said_at > said.sent_at AND message.said_at <= said.until
     WHERE conversation.workspace_id = %(workspace)s
       AND conversation.last_in_at > %(began_at)s
     UNION ALL
    SELECT said.intent_id, 257
      FROM consent
      JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.home_id = consent.home_id
      JOIN identifier AS mate ON mate.workspace_id = %(workspace)s AND mate.person_id = home.person_id
      JOIN said
        ON said.home_id = mate.home_id AND said.channel = consent.channel
       AND coalesce(consent.evidence ->> 'intent_id', said.intent_id::text) = said.intent_id::text
     WHERE consent.workspace_id = %(workspace)s
       AND NOT consent.is_granted
       AND consent.purpose = 'marketing'
       AND consent.decided_at > %(began_at)s
       AND consent.decided_at > said.sent_at
       AND (consent.decided_at <= said.until OR consent.evidence ? 'intent_id')
     UNION ALL
    SELECT said.intent_id, 512
      FROM shop_order
      JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.home_id = shop_order.home_id
      JOIN identifier AS mate ON mate.workspace_id = %(workspace)s AND mate.person_id = home.person_id
      JOIN said ON said.home_id = mate.home_id
     WHERE shop_order.workspace_id = %(workspace)s
       AND shop_order.status = 'paid'
       AND shop_order.stated_at > timestamptz 'epoch'
       AND shop_order.placed_at > %(began_at)s
       AND shop_order.placed_at > said.sent_at AND shop_order.placed_at <= said.until
), done AS (
    SELECT intent_id, bit_or(bits) AS bits FROM deed GROUP BY intent_id
)
SELECT said.occurrence, said.variant, count(*) AS sent,
       count(*) FILTER (WHERE done.bits & 65 = 1) AS delivered,
       count(*) FILTER (WHERE done.bits & 2 > 0) AS opened,
       count(*) FILTER (WHERE done.bits & 4 > 0) AS opened_clean,
       count(*) FILTER (WHERE done.bits & 8 > 0) AS clicked,
       count(*) FILTER (WHERE done.bits & 16 > 0) AS clicked_clean,
       count(*) FILTER (WHERE done.bits & 32 > 0) AS replied,
       count(*) FILTER (WHERE done.bits & 64 > 0) AS bounced,
       count(*) FILTER (WHERE done.bits & 128 > 0) AS complained,
       count(*) FILTER (WHERE done.bits & 256 > 0) AS unsubscribed,
       count(*) FILTER (WHERE done.bits & 512 > 0) AS converted
  FROM said
  LEFT JOIN done USING (intent_id)
 GROUP BY said.occurrence, said.variant
 ORDER BY said.occurrence, said.variant;

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
SELECT broadcast_id, experiment, variants, evidence, coalesce(starts_at, launched_at) AS began_at
  FROM broadcast
 WHERE workspace_id = %(workspace)s
   AND state IN ('running', 'paused')
   AND phase IN ('testing', 'deciding')
   AND experiment IS NOT NULL
   AND winner IS NULL
 ORDER BY broadcast_id;
