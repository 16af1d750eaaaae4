-- Auto-replies: rules, what was learned, where conversations stand, and what answered whom.

-- name: get_book
-- The revision of all that answers, when conversations are braked, and how the workspace writes times and phones;
-- no row where there never was a rule.
SELECT book.revision, book.examples, book.settings::text, place.time_zone, place.default_region
  FROM auto_reply_book AS book
  JOIN workspace AS place USING (workspace_id)
 WHERE book.workspace_id = %(workspace)s;

-- name: open_book
-- Begins the workspace's book of auto-replies.
INSERT INTO auto_reply_book (workspace_id)
VALUES (%(workspace)s)
    ON CONFLICT DO NOTHING;

-- name: turn_page
-- Has every worker compile anew, and says what there is to learn from.
UPDATE auto_reply_book
   SET revision = revision + 1,
       examples = coalesce(%(examples)s, examples)
 WHERE workspace_id = %(workspace)s;

-- name: put_settings
-- Stores when conversations are braked.
UPDATE auto_reply_book
   SET settings = %(settings)s::jsonb,
       revision = revision + 1
 WHERE workspace_id = %(workspace)s;

-- name: list_rules
-- Rules with their definitions, in the order in which they are asked; with only_on those that are on.
SELECT rule_id, name, is_on, priority, definition::text
  FROM auto_reply
 WHERE workspace_id = %(workspace)s
   AND (is_on OR NOT %(only_on)s)
 ORDER BY priority, rule_id;

-- name: list_rule_infos
-- Rules, or one, with how often they answered since an instant, and how many people.
SELECT rule.rule_id, rule.name, rule.is_on, rule.priority, rule.definition, rule.updated_at, rule.updated_by,
       count(firing.rule_id)::integer AS fired, count(DISTINCT firing.home_id)::integer AS people,
       max(firing.fired_at) AS last_fired_at
  FROM auto_reply AS rule
  LEFT JOIN auto_reply_firing AS firing
    ON firing.workspace_id = rule.workspace_id AND firing.rule_id = rule.rule_id AND firing.fired_at >= %(since)s
 WHERE rule.workspace_id = %(workspace)s
   AND (%(one)s::integer IS NULL OR rule.rule_id = %(one)s)
 GROUP BY rule.rule_id, rule.name, rule.is_on, rule.priority, rule.definition, rule.updated_at, rule.updated_by
 ORDER BY rule.priority, rule.rule_id;

-- name: is_name_taken
-- Whether another rule has a name.
SELECT EXISTS (SELECT FROM auto_reply
                WHERE workspace_id = %(workspace)s
                  AND lower(name) = lower(%(name)s)
                  AND rule_id IS DISTINCT FROM %(rule_id)s::integer) AS is_taken;

-- name: add_rule
-- The number of a new rule.
INSERT INTO auto_reply (workspace_id, name, is_on, priority, definition, created_by, updated_by)
VALUES (%(workspace)s, %(name)s, %(is_on)s, %(priority)s, %(definition)s::jsonb, %(actor)s, %(actor)s)
RETURNING rule_id;

-- name: change_rule
-- Stores a rule in the place of what it was. No rows back; count those changed.
UPDATE auto_reply
   SET name = %(name)s,
       is_on = %(is_on)s,
       priority = %(priority)s,
       definition = %(definition)s::jsonb,
       updated_at = now(),
       updated_by = %(actor)s
 WHERE workspace_id = %(workspace)s
   AND rule_id = %(rule_id)s;

-- name: delete_rule
-- Deletes a rule and whom it answered. No rows back; count those deleted.
WITH gone AS (DELETE FROM auto_reply_firing
               WHERE workspace_id = %(workspace)s AND rule_id = %(rule_id)s)
DELETE FROM auto_reply
 WHERE workspace_id = %(workspace)s
   AND rule_id = %(rule_id)s;

-- name: place_rules
-- Gives rules the places that they stand at in a list.
UPDATE auto_reply AS rule
   SET priority = wanted.place * 10
  FROM unnest(%(rules)s::integer[]) WITH ORDINALITY AS wanted (rule_id, place)
 WHERE rule.workspace_id = %(workspace)s
   AND rule.rule_id = wanted.rule_id;

-- name: list_days
-- How often a rule answered on each day of the workspace's time zone, since an instant.
SELECT (fired_at AT TIME ZONE place.time_zone)::date AS day, count(*)::integer AS fired,
       count(DISTINCT home_id)::integer AS people
  FROM auto_reply_firing AS firing
  JOIN workspace AS place USING (workspace_id)
 WHERE firing.workspace_id = %(workspace)s
   AND firing.rule_id = %(rule_id)s
   AND firing.fired_at >= %(since)s
 GROUP BY 1
 ORDER BY 1;

-- name: find_model
-- The newest model of a format.
SELECT body, examples, report, error, learned_at
  FROM auto_reply_model
 WHERE workspace_id = %(workspace)s
   AND format = %(format)s
 ORDER BY model_id DESC
 LIMIT 1;

-- name: put_model
-- Stores what was learned in the place of older models, if it is still what there is to learn from.
WITH wanted AS (SELECT examples FROM auto_reply_book WHERE workspace_id = %(workspace)s AND examples = %(examples)s),
     gone AS (DELETE FROM auto_reply_model
               WHERE workspace_id = %(workspace)s AND EXISTS (SELECT FROM wanted))
INSERT INTO auto_reply_model (workspace_id, examples, format, body, report, error)
SELECT %(workspace)s, wanted.examples, %(format)s, %(body)s, %(report)s::jsonb, %(error)s
  FROM wanted;

-- name: list_learning_work
-- Which workspaces have examples to learn from.
SELECT workspace_id FROM list_learning_work(%(format)s);

-- name: hold_states
-- Where some conversations stand; nobody else changes them until the transaction ends.
SELECT state.account_id, state.home_id, state.recent::text, state.brakes, state.braked_until, state.form::text,
       state.form_until
  FROM auto_reply_state AS state
  JOIN unnest(%(accounts)s::integer[], %(homes)s::bigint[]) AS asked (account_id, home_id)
    ON state.account_id = asked.account_id AND state.home_id = asked.home_id
 WHERE state.workspace_id = %(workspace)s
 ORDER BY state.account_id, state.home_id
   FOR UPDATE OF state;

-- name: put_states
-- Stores where conversations stand.
INSERT INTO auto_reply_state AS known (workspace_id, account_id, home_id, recent, brakes, braked_until, form, form_until,
                                       touched_at)
SELECT %(workspace)s, fresh.account_id, fresh.home_id, fresh.recent, fresh.brakes, fresh.braked_until, fresh.form,
       fresh.form_until, %(now)s
  FROM json_to_recordset(%(states)s::json)
       AS fresh (account_id integer, home_id bigint, recent jsonb, brakes smallint, braked_until timestamptz,
                 form jsonb, form_until timestamptz)
 ORDER BY fresh.account_id, fresh.home_id
    ON CONFLICT (workspace_id, account_id, home_id) DO UPDATE
   SET recent = excluded.recent,
       brakes = excluded.brakes,
       braked_until = excluded.braked_until,
       form = excluded.form,
       form_until = excluded.form_until,
       touched_at = excluded.touched_at;

-- name: list_last_firings
-- When rules answered persons last, whichever of their homes it was.
SELECT own.person_id, firing.rule_id, max(firing.fired_at) AS fired_at
  FROM identifier AS own
  JOIN auto_reply_firing AS firing
    ON firing.workspace_id = %(workspace)s AND firing.home_id = own.home_id
   AND firing.rule_id = ANY (%(rules)s::integer[])
 WHERE own.workspace_id = %(workspace)s
   AND own.person_id = ANY (%(persons)s::bigint[])
 GROUP BY own.person_id, firing.rule_id;

-- name: add_firings
-- Notes which rules answered whom.
INSERT INTO auto_reply_firing (workspace_id, rule_id, home_id, account_id, key, intent_id, fired_at)
SELECT %(workspace)s, fresh.rule_id, fresh.home_id, fresh.account_id, fresh.key, fresh.intent_id, %(now)s
  FROM json_to_recordset(%(firings)s::json)
       AS fresh (rule_id integer, home_id bigint, account_id integer, key text, intent_id bigint);

-- name: list_fired_keys
-- Which of some keys a rule has answered already.
SELECT key
  FROM auto_reply_firing
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[])
   AND key = ANY (%(keys)s::text[]);

-- name: list_people
-- What blanks in texts are filled in with.
SELECT person.person_id, person.display_name, person.traits::text, place.name AS brand
  FROM person
  JOIN workspace AS place USING (workspace_id)
 WHERE person.workspace_id = %(workspace)s
   AND person.person_id = ANY (%(persons)s::bigint[]);

-- name: add_brakes
-- Notes conversations in which nothing answers for a while.
INSERT INTO auto_reply_brake (workspace_id, account_id, home_id, reason, braked_at, until)
SELECT %(workspace)s, fresh.account_id, fresh.home_id, fresh.reason, %(now)s, fresh.until
  FROM json_to_recordset(%(brakes)s::json)
       AS fresh (account_id integer, home_id bigint, reason text, until timestamptz);

-- name: list_brakes
-- Brakes, newest first, with whom they concern.
SELECT brake.brake_id, brake.account_id, own.person_id, person.display_name AS name, brake.reason, brake.braked_at,
       brake.until, brake.released_at, brake.released_by
  FROM auto_reply_brake AS brake
  LEFT JOIN identifier AS own ON own.workspace_id = brake.workspace_id AND own.home_id = brake.home_id
  LEFT JOIN person ON person.workspace_id = brake.workspace_id AND person.person_id = own.person_id
 WHERE brake.workspace_id = %(workspace)s
 ORDER BY brake.braked_at DESC, brake.brake_id DESC
 LIMIT %(most)s;

-- name: release_brake
-- Lets a conversation be answered again; no row where the brake is over or none.
UPDATE auto_reply_brake
   SET released_at = %(now)s,
       released_by = %(actor)s
 WHERE workspace_id = %(workspace)s
   AND brake_id = %(brake_id)s
   AND released_at IS NULL
   AND until > %(now)s
RETURNING account_id, home_id;

-- name: forget_braking
-- Takes the brake off a conversation, and what led to it.
UPDATE auto_reply_state
   SET braked_until = NULL,
       brakes = 0,
       recent = '[]'
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND home_id = %(home_id)s;

-- name: list_forms
-- Lead forms that are not deleted.
SELECT form_id, name, version, definition::text, updated_at, updated_by
  FROM lead_form
 WHERE workspace_id = %(workspace)s
   AND deleted_at IS NULL
 ORDER BY form_id;

-- name: add_form
-- The number of a new lead form.
INSERT INTO lead_form (workspace_id, name, definition, created_by, updated_by)
VALUES (%(workspace)s, %(name)s, %(definition)s::jsonb, %(actor)s, %(actor)s)
RETURNING form_id;

-- name: change_form
-- Stores a lead form in the place of what it was, as another version. No rows back; count those changed.
UPDATE lead_form
   SET name = %(name)s,
       version = version + CASE WHEN definition = %(definition)s::jsonb THEN 0 ELSE 1 END,
       definition = %(definition)s::jsonb,
       updated_at = now(),
       updated_by = %(actor)s
 WHERE workspace_id = %(workspace)s
   AND form_id = %(form_id)s
   AND deleted_at IS NULL;

-- name: delete_form
-- Takes a lead form away; evidence that names it stays. No rows back; count those changed.
UPDATE lead_form
   SET deleted_at = now()
 WHERE workspace_id = %(workspace)s
   AND form_id = %(form_id)s
   AND deleted_at IS NULL;

-- name: list_gone_accounts
-- Which of some numbers are no accounts.
SELECT asked.account_id
  FROM unnest(%(accounts)s::integer[]) AS asked (account_id)
 WHERE NOT EXISTS (SELECT FROM channel_account AS account
                    WHERE account.workspace_id = %(workspace)s
                      AND account.account_id = asked.account_id AND account.deleted_at IS NULL);

-- name: has_team
-- Whether there is a team.
SELECT EXISTS (SELECT FROM inbox_team WHERE workspace_id = %(workspace)s AND team_id = %(team_id)s) AS has_team;

-- name: tidy_firings
-- Deletes what no cool-down asks for any more.
DELETE FROM auto_reply_firing
 WHERE workspace_id = %(workspace)s
   AND fired_at < %(before)s
   AND rule_id <> ALL (%(kept)s::integer[]);

-- name: tidy_states
-- Deletes where conversations stood that rest.
DELETE FROM auto_reply_state
 WHERE workspace_id = %(workspace)s
   AND touched_at < %(before)s;
