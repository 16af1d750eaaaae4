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
WITH said AS MATERIALIZED (
    SELECT intent.intent_id, intent.occurrence, intent.channel, intent.account_id, intent.done_at AS sent_at,
           intent.done_at + %(days)s * interval '24 hours' AS until, written.home_id, written.person_id,
           coalesce(nullif(wording.said ->> 'variant', ''), intent.proof ->> 'variant', '') AS variant
      FROM intent
      LEFT JOIN wording ON wording.workspace_id = %(workspace)s AND wording.wording_id = intent.wording_id
      LEFT JOIN identifier AS written
             ON written.workspace_id = %(workspace)s AND written.identifier_hash = intent.address_hash
     WHERE intent.workspace_id = %(workspace)s
       AND intent.step = %(step)s
       AND (intent.state = 'sent' OR intent.state = 'failed' AND intent.platform_id IS NOT NULL)
), deed AS (
    SELECT said.intent_id,
           CASE receipt.state WHEN 'read' THEN 'opened' WHEN 'refused' THEN 'bounced' ELSE receipt.state END AS what,
           NOT receipt.is_machine AS is_clean
      FROM said
      JOIN receipt ON receipt.workspace_id = %(workspace)s AND receipt.intent_id = said.intent_id
     WHERE receipt.state IN ('delivered', 'read', 'opened', 'clicked', 'bounced', 'refused', 'complained')
     UNION ALL
    SELECT substring(recipient.message_key FROM '^fw-\d+-(\d+)-')::bigint,
           CASE visit.kind WHEN 'open' THEN 'opened' ELSE 'clicked' END,
           visit.is_settled AND visit.machine = ANY (%(humans)s::text[])
      FROM link_recipient AS recipient
      JOIN link_visit AS visit ON visit.workspace_id = %(workspace)s AND visit.recipient = recipient.code
     WHERE recipient.workspace_id = %(workspace)s
       AND recipient.step = %(step)s
       AND visit.kind IN ('open', 'click')
     UNION ALL
    SELECT said.intent_id, 'replied', true
      FROM said
      JOIN conversation
        ON conversation.workspace_id = %(workspace)s
       AND conversation.home_id = said.home_id
       AND conversation.account_id = said.account_id
       AND conversation.last_in_at > said.sent_at
      JOIN message
        ON message.workspace_id = %(workspace)s
       AND message.conversation_id = conversation.conversation_id
       AND message.kind = 'in'
       AND message.said_at > said.sent_at AND message.said_at <= said.until
     UNION ALL
    SELECT said.intent_id, 'unsubscribed', true
      FROM consent
      LEFT JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.home_id = consent.home_id
      JOIN said
        ON said.person_id = home.person_id AND said.channel = consent.channel
       AND coalesce(consent.evidence ->> 'intent_id', said.intent_id::text) = said.intent_id::text
     WHERE consent.workspace_id = %(workspace)s
       AND NOT consent.is_granted
       AND consent.purpose = 'marketing'
       AND consent.decided_at > %(began_at)s
       AND consent.decided_at > said.sent_at
       AND (consent.decided_at <= said.until OR consent.evidence ? 'intent_id')
     UNION ALL
    SELECT said.intent_id, 'converted', true
      FROM shop_order
      JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.home_id = shop_order.home_id
      JOIN said ON said.person_id = home.person_id
     WHERE shop_order.workspace_id = %(workspace)s
       AND shop_order.status = 'paid'
       AND shop_order.stated_at > timestamptz 'epoch'
       AND shop_order.placed_at > %(began_at)s
       AND shop_order.placed_at > said.sent_at AND shop_order.placed_at <= said.until
), done AS (
    SELECT intent_id,
           bool_or(what IN ('delivered', 'opened', 'clicked', 'complained', 'replied', 'unsubscribed')) AS is_delivered,
           bool_or(what IN ('opened', 'clicked')) AS is_opened,
           bool_or(what IN ('opened', 'clicked') AND is_clean) AS is_opened_clean,
           bool_or(what = 'clicked') AS is_clicked,
           bool_or(what = 'clicked' AND is_clean) AS is_clicked_clean,
           bool_or(what = 'replied') AS is_replied,
           bool_or(what = 'bounced') AS is_bounced,
           bool_or(what = 'complained') AS is_complained,
           bool_or(what = 'unsubscribed') AS is_unsubscribed,
           bool_or(what = 'converted') AS is_converted
      FROM deed
     GROUP BY intent_id
)
SELECT said.occurrence, said.variant, count(*) AS sent,
       count(*) FILTER (WHERE done.is_delivered AND NOT done.is_bounced) AS delivered,
       count(*) FILTER (WHERE done.is_opened) AS opened,
       count(*) FILTER (WHERE done.is_opened_clean) AS opened_clean,
       count(*) FILTER (WHERE done.is_clicked) AS clicked,
       count(*) FILTER (WHERE done.is_clicked_clean) AS clicked_clean,
       count(*) FILTER (WHERE done.is_replied) AS replied,
       count(*) FILTER (WHERE done.is_bounced) AS bounced,
       count(*) FILTER (WHERE done.is_complained) AS complained,
       count(*) FILTER (WHERE done.is_unsubscribed) AS unsubscribed,
       count(*) FILTER (WHERE done.is_converted) AS converted
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
