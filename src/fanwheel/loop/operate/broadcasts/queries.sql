-- Broadcasts as people make and look at them; every statement in one workspace.

-- name: list_broadcasts
-- Broadcasts, or one, those made last first, with the name of whom they are for.
SELECT broadcast.broadcast_id, broadcast.name, broadcast.purpose, broadcast.state, broadcast.phase, broadcast.version,
       broadcast.audience, broadcast.routes, broadcast.schedule, broadcast.per_minute, broadcast.experiment,
       broadcast.holdout_share, broadcast.seed_list_id, broadcast.expires_hours, broadcast.approval,
       broadcast.submitted_by, broadcast.submitted_at, broadcast.decided_by, broadcast.decided_at,
       broadcast.review_note, broadcast.reviewed, broadcast.salt, broadcast.variants, broadcast.wordings,
       broadcast.winner, broadcast.evidence, broadcast.winner_at, broadcast.people, broadcast.released,
       broadcast.progress, broadcast.paced_at, broadcast.launched_at, broadcast.launched_by, broadcast.starts_at,
       broadcast.paused_at, broadcast.paused_state, broadcast.ended_at, broadcast.created_at, broadcast.created_by,
       broadcast.updated_at, broadcast.updated_by, broadcast.editors,
       nullif(concat_ws(' + ', segment.name, list.name), '') AS audience_name
  FROM broadcast
  LEFT JOIN segment ON segment.workspace_id = %(workspace)s
                   AND segment.segment_id = (broadcast.audience ->> 'segment_id')::integer
  LEFT JOIN list ON list.workspace_id = %(workspace)s
                AND list.list_id = (broadcast.audience ->> 'list_id')::integer
 WHERE broadcast.workspace_id = %(workspace)s
   AND (%(one)s::bigint IS NULL OR broadcast.broadcast_id = %(one)s)
   AND (%(state)s::text IS NULL OR broadcast.state = %(state)s)
   AND (%(q)s::text IS NULL OR strpos(lower(broadcast.name), lower(%(q)s)) > 0)
   AND (%(before)s::bigint IS NULL OR broadcast.broadcast_id < %(before)s)
 ORDER BY broadcast.broadcast_id DESC
 LIMIT %(limit)s;

-- name: hold
-- Keeps a broadcast from other changes until the transaction ends; no row if there is none.
SELECT broadcast_id FROM broadcast WHERE workspace_id = %(workspace)s AND broadcast_id = %(broadcast_id)s FOR UPDATE;

-- name: list_names
-- The names that begin as one does.
SELECT name FROM broadcast WHERE workspace_id = %(workspace)s AND starts_with(name, %(name)s);

-- name: add
-- The number of a new broadcast.
INSERT INTO broadcast (workspace_id, name, purpose, audience, routes, schedule, per_minute, experiment, holdout_share,
                       seed_list_id, expires_hours, created_by, updated_by, editors)
VALUES (%(workspace)s, %(name)s, %(purpose)s, %(audience)s::jsonb, %(routes)s::jsonb, %(schedule)s::jsonb,
        %(per_minute)s, %(experiment)s::jsonb, %(holdout_share)s, %(seed_list_id)s, %(expires_hours)s, %(actor)s,
        %(actor)s, ARRAY[%(actor)s::text])
RETURNING broadcast_id;

-- name: change
-- Writes what a broadcast says anew: it is a draft again, to which nobody has agreed.
UPDATE broadcast
   SET name = %(name)s, purpose = %(purpose)s, audience = %(audience)s::jsonb, routes = %(routes)s::jsonb,
       schedule = %(schedule)s::jsonb, per_minute = %(per_minute)s, experiment = %(experiment)s::jsonb,
       holdout_share = %(holdout_share)s, seed_list_id = %(seed_list_id)s, expires_hours = %(expires_hours)s,
       version = version + 1, state = 'draft', phase = NULL, approval = 'none', submitted_by = NULL,
       submitted_at = NULL, decided_by = NULL, decided_at = NULL, review_note = '', reviewed = NULL, people = NULL,
       launched_at = NULL, launched_by = NULL, starts_at = NULL, variants = '[]', wordings = '[]',
       updated_at = now(), updated_by = %(actor)s,
       editors = CASE WHEN %(actor)s = ANY (editors) THEN editors ELSE editors || %(actor)s::text END
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: delete
-- Deletes a broadcast that never went out.
DELETE FROM broadcast WHERE workspace_id = %(workspace)s AND broadcast_id = %(broadcast_id)s;

-- name: submit
-- Asks for somebody to agree.
UPDATE broadcast
   SET state = 'in_review', approval = 'waiting', submitted_by = %(actor)s, submitted_at = %(now)s,
       decided_by = NULL, decided_at = NULL, review_note = %(note)s, reviewed = %(reviewed)s, updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: review
-- Somebody agreed, or did not.
UPDATE broadcast
   SET state = %(state)s, approval = %(approval)s, decided_by = %(actor)s, decided_at = %(now)s,
       review_note = %(note)s, updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: launch
-- Lets a broadcast go out when its time comes.
UPDATE broadcast
   SET state = 'scheduled', phase = 'planning', people = %(people)s, released = 0, variants = %(variants)s::jsonb,
       wordings = %(wordings)s::jsonb, winner = NULL, evidence = NULL, winner_at = NULL, launched_at = %(now)s,
       launched_by = %(actor)s, starts_at = %(starts_at)s, progress = NULL, counted_at = NULL, updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: pause
-- Stops a broadcast for now.
UPDATE broadcast
   SET paused_state = state, state = 'paused', paused_at = %(now)s, updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: resume
-- Lets a broadcast go on where it stopped; its pace begins anew.
UPDATE broadcast
   SET state = paused_state, paused_state = NULL, paused_at = NULL, paced_at = %(now)s, updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: cancel
-- Ends a broadcast before its end.
UPDATE broadcast
   SET state = 'canceled', ended_at = %(now)s, paused_at = NULL, paused_state = NULL, updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: decide
-- Writes down which variant the rest is to hear; without one the evidence alone, and it stays undecided.
UPDATE broadcast
   SET winner = %(winner)s, evidence = %(evidence)s::jsonb,
       winner_at = CASE WHEN %(winner)s::text IS NULL THEN NULL ELSE %(now)s::timestamptz END,
       phase = CASE WHEN %(winner)s::text IS NULL THEN phase ELSE %(phase)s END,
       updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: get_setting
-- Above how many people a second person must agree, or no row.
SELECT approval_above FROM broadcast_setting WHERE workspace_id = %(workspace)s;

-- name: put_setting
-- Says it anew.
INSERT INTO broadcast_setting (workspace_id, approval_above, changed_by)
VALUES (%(workspace)s, %(approval_above)s, %(actor)s)
    ON CONFLICT (workspace_id) DO UPDATE
   SET approval_above = excluded.approval_above, changed_at = now(), changed_by = excluded.changed_by;

-- name: list_reviewers
-- The users of some roles who have accepted their invitation.
SELECT user_id
  FROM membership
 WHERE workspace_id = %(workspace)s
   AND accepted_at IS NOT NULL
   AND role = ANY (%(roles)s::text[]);

-- name: list_templates
-- What some templates say from now on: the version that is published, and its variants.
SELECT template.template_id, template.name, template.channel, template.archived_at, template.published_id,
       template.is_changed,
       ARRAY(SELECT variant ->> 'key'
               FROM jsonb_array_elements(version.content -> 'variants') WITH ORDINALITY AS listed (variant, place)
              ORDER BY place) AS variants
  FROM template
  LEFT JOIN template_version AS version
         ON version.workspace_id = %(workspace)s AND version.version_id = template.published_id
 WHERE template.workspace_id = %(workspace)s
   AND template.template_id = ANY (%(templates)s::bigint[]);

-- name: list_accounts
-- Accounts of channels that are still there.
SELECT account_id, channel, name, is_active, settings
  FROM channel_account
 WHERE workspace_id = %(workspace)s
   AND deleted_at IS NULL;

-- name: get_zone
-- Where the brand is.
SELECT time_zone FROM workspace WHERE workspace_id = %(workspace)s;

-- name: find_by_emails
-- Who is known by addresses of mail.
SELECT value, person_id
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND identifier_hash = ANY (%(hashes)s::uuid[]);

-- name: list_ways
-- The addresses by which some persons could be reached on a channel, the newest of each.
SELECT DISTINCT ON (given.person_id) given.person_id, home.kind, home.value
  FROM unnest(%(people)s::bigint[]) AS given (person_id)
  JOIN identifier AS home
    ON home.workspace_id = %(workspace)s
   AND home.person_id = given.person_id
   AND home.kind = %(kind)s
   AND starts_with(home.value, %(prefix)s)
 ORDER BY given.person_id, home.first_seen_at DESC, home.identifier_hash;
