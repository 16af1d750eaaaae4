-- Links that are followed up; every statement in one workspace.

-- name: put_links
-- Adds links that are not there yet; the code of each address.
WITH given AS (
    SELECT given.url, given.digest, given.code
      FROM unnest(%(urls)s::text[], %(digests)s::bytea[], %(codes)s::text[]) AS given (url, digest, code)
), fresh AS (
    INSERT INTO link (workspace_id, version_id, url, digest, code, has_utm, utm)
    SELECT %(workspace)s, %(version_id)s, given.url, given.digest, given.code, true, %(utm)s::jsonb
      FROM given
     ORDER BY given.digest
        ON CONFLICT (workspace_id, version_id, digest) DO NOTHING
    RETURNING url, code
)
SELECT url, code FROM fresh
 UNION ALL
SELECT link.url, link.code
  FROM given
  JOIN link ON link.workspace_id = %(workspace)s AND link.version_id = %(version_id)s AND link.digest = given.digest;

-- name: list_codes
-- The codes of addresses of one version, for those that another process added meanwhile.
SELECT url, code
  FROM link
 WHERE workspace_id = %(workspace)s
   AND version_id = %(version_id)s
   AND digest = ANY (%(digests)s::bytea[]);

-- name: put_recipients
-- Notes messages with links in them; the second half of their codes. One that is worded again keeps its own.
INSERT INTO link_recipient AS kept (workspace_id, code, message_key, person_id, version_id, channel, account_id, step,
                                    variant, language, made_at)
SELECT %(workspace)s, given.code, given.message_key, given.person_id, given.version_id, given.channel,
       given.account_id, given.step, given.variant, given.language, %(now)s
  FROM unnest(%(codes)s::text[], %(keys)s::text[], %(persons)s::bigint[], %(versions)s::bigint[], %(channels)s::text[],
              %(accounts)s::bigint[], %(steps)s::text[], %(variants)s::text[], %(languages)s::text[])
       AS given (code, message_key, person_id, version_id, channel, account_id, step, variant, language)
 ORDER BY given.message_key
    ON CONFLICT (workspace_id, message_key) DO UPDATE SET made_at = excluded.made_at
RETURNING message_key, code;

-- name: add_link
-- A link made by hand.
INSERT INTO link (workspace_id, url, digest, code, version_id, name, has_utm, utm, created_by)
VALUES (%(workspace)s, %(url)s, %(digest)s, %(code)s, 0, %(name)s, %(has_utm)s, %(utm)s::jsonb, %(actor)s)
RETURNING link_id;

-- name: change_link
-- Writes what is to change about a link made by hand; what is null stays, as does its code.
UPDATE link
   SET url = coalesce(%(url)s::text, url),
       digest = coalesce(%(digest)s::bytea, digest),
       name = coalesce(%(name)s::text, name),
       has_utm = coalesce(%(has_utm)s::boolean, has_utm),
       utm = coalesce(%(utm)s::jsonb, utm)
 WHERE workspace_id = %(workspace)s
   AND link_id = %(link_id)s;

-- name: list_links
-- Links of a version or made by hand, or one, newest first; visits that were settled, with machines and without.
SELECT link.link_id, link.code, link.url, link.version_id, link.name, link.has_utm, link.utm, link.created_at,
       visited.visits, visited.clean_visits, visited.people,
       template.template_id, coalesce(template.name, '') AS template,
       link.version_id = 0 AND link.created_by <> '' AS is_by_hand
  FROM link
  LEFT JOIN template_version AS version
         ON version.workspace_id = %(workspace)s AND version.version_id = link.version_id
  LEFT JOIN template ON template.workspace_id = %(workspace)s AND template.template_id = version.template_id
 CROSS JOIN LATERAL (
       SELECT count(*) AS visits,
              count(*) FILTER (WHERE visit.machine = '') AS clean_visits,
              count(DISTINCT recipient.person_id) FILTER (WHERE visit.machine = '') AS people
         FROM link_visit AS visit
         LEFT JOIN link_recipient AS recipient
                ON recipient.workspace_id = %(workspace)s AND recipient.code = visit.recipient
        WHERE visit.workspace_id = %(workspace)s
          AND visit.link_id = link.link_id) AS visited
 WHERE link.workspace_id = %(workspace)s
   AND (%(version_id)s::bigint IS NULL OR link.version_id = %(version_id)s)
   AND (%(link_id)s::bigint IS NULL OR link.link_id = %(link_id)s)
   AND (%(q)s::text IS NULL OR strpos(lower(concat_ws(' ', link.name, link.url, link.code, template.name)), lower(%(q)s)) > 0)
   AND (%(before)s::bigint IS NULL OR link.link_id < %(before)s)
 ORDER BY link.link_id DESC
 LIMIT %(most)s;

-- name: list_days
-- How often a link was followed on each day of the workspace's time zone, with machines and without; only days with visits.
SELECT (visit.visited_at AT TIME ZONE workspace.time_zone)::date AS day,
       count(*) AS visits,
       count(*) FILTER (WHERE visit.machine = '') AS clean_visits
  FROM link_visit AS visit
  JOIN workspace ON workspace.workspace_id = %(workspace)s
 WHERE visit.workspace_id = %(workspace)s
   AND visit.link_id = %(link_id)s
   AND visit.visited_at >= %(since)s
 GROUP BY 1
 ORDER BY 1;

-- name: find_link
-- Whose link a code is.
SELECT workspace_id, link_id, url, has_utm, utm FROM find_link(%(code)s);

-- name: find_recipient
-- The message of a code.
SELECT channel, step, variant, version_id
  FROM link_recipient
 WHERE workspace_id = %(workspace)s
   AND code = %(code)s;

-- name: find_recipient_workspace
-- Whose message a code is.
SELECT find_link_recipient(%(code)s) AS workspace_id;

-- name: add_visit
-- Notes a visit.
INSERT INTO link_visit (workspace_id, kind, link_id, recipient, visited_at, machine)
VALUES (%(workspace)s, %(kind)s, %(link_id)s, %(recipient)s, %(now)s, %(machine)s);

-- name: get_profile
-- What the brand says of its links.
SELECT profile FROM brand_profile WHERE workspace_id = %(workspace)s;

-- name: list_work
-- Workspaces with visits to decide.
SELECT workspace_id FROM list_link_work();

-- name: take_unsettled
-- The oldest visits that others can be seen beside by now; nobody else gets them meanwhile.
SELECT visit_id, kind, link_id, recipient, visited_at, machine
  FROM link_visit
 WHERE workspace_id = %(workspace)s
   AND NOT is_settled
   AND visited_at <= %(until)s
 ORDER BY visited_at, visit_id
 LIMIT %(most)s
   FOR UPDATE SKIP LOCKED;

-- name: list_beside
-- Visits to some messages around a time.
SELECT visit_id, kind, link_id, recipient, visited_at, machine
  FROM link_visit
 WHERE workspace_id = %(workspace)s
   AND recipient = ANY (%(recipients)s::text[])
   AND visited_at BETWEEN %(low)s AND %(high)s;

-- name: list_recipients
-- Messages with the living persons behind them, and an identifier of each.
SELECT recipient.code, recipient.message_key, recipient.channel, recipient.account_id, recipient.step,
       recipient.variant, recipient.language, recipient.version_id, recipient.made_at, known.kind, known.value
  FROM link_recipient AS recipient
  LEFT JOIN identifier AS home
         ON home.workspace_id = %(workspace)s AND home.home_id = recipient.person_id
  LEFT JOIN LATERAL (
       SELECT kind, value
         FROM identifier
        WHERE workspace_id = %(workspace)s
          AND person_id = home.person_id
        ORDER BY home_id = recipient.person_id DESC, home_id
        LIMIT 1) AS known ON true
 WHERE recipient.workspace_id = %(workspace)s
   AND recipient.code = ANY (%(codes)s::text[]);

-- name: list_names
-- Codes of links.
SELECT link_id, code FROM link WHERE workspace_id = %(workspace)s AND link_id = ANY (%(link_ids)s::bigint[]);

-- name: settle
-- Writes what was decided.
UPDATE link_visit AS visit
   SET machine = given.machine,
       is_settled = true
  FROM unnest(%(visits)s::bigint[], %(machines)s::text[]) AS given (visit_id, machine)
 WHERE visit.workspace_id = %(workspace)s
   AND visit.visit_id = given.visit_id;

-- name: count_steps
-- What came of the messages of some steps: by step and variant, with machines and without.
SELECT recipient.step, recipient.variant,
       count(*) FILTER (WHERE visit.kind = 'open') AS opens,
       count(*) FILTER (WHERE visit.kind = 'open' AND visit.machine = ANY (%(people)s::text[])) AS clean_opens,
       count(*) FILTER (WHERE visit.kind = 'click') AS clicks,
       count(*) FILTER (WHERE visit.kind = 'click' AND visit.machine = ANY (%(people)s::text[])) AS clean_clicks,
       count(DISTINCT recipient.person_id)
           FILTER (WHERE visit.kind = 'open' AND visit.machine = ANY (%(people)s::text[])) AS people_opened,
       count(DISTINCT recipient.person_id)
           FILTER (WHERE visit.kind = 'click' AND visit.machine = ANY (%(people)s::text[])) AS people_clicked
  FROM link_recipient AS recipient
  JOIN link_visit AS visit
    ON visit.workspace_id = %(workspace)s AND visit.recipient = recipient.code
 WHERE recipient.workspace_id = %(workspace)s
   AND recipient.step = ANY (%(steps)s::text[])
 GROUP BY recipient.step, recipient.variant
 ORDER BY recipient.step, recipient.variant;

-- name: list_marks
-- What was done with some messages, in order.
SELECT recipient.message_key, visit.kind, visit.visited_at, visit.machine, coalesce(link.url, '') AS url
  FROM link_recipient AS recipient
  JOIN link_visit AS visit
    ON visit.workspace_id = %(workspace)s AND visit.recipient = recipient.code
  LEFT JOIN link ON link.workspace_id = %(workspace)s AND link.link_id = visit.link_id
 WHERE recipient.workspace_id = %(workspace)s
   AND recipient.message_key = ANY (%(keys)s::text[])
   AND visit.kind <> 'trap'
 ORDER BY visit.visited_at, visit.visit_id
 LIMIT 1000;
