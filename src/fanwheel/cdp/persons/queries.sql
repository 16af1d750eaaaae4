-- ---------------------------------------------------------------- resolving: what ingest does, in bulk

-- name: find_identifiers
-- Those of the hashes that are known, with their homes.
SELECT identifier_hash, home_id
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND identifier_hash = ANY (%(hashes)s::uuid[]);

-- name: insert_identifiers
-- Home and person of the identifiers that were new; those that another process inserted meanwhile are left out. A
-- group begins as one person: the smallest of the homes that it is given here.
INSERT INTO identifier (workspace_id, identifier_hash, kind, value, home_id, person_id, first_seen_at)
SELECT %(workspace)s, fresh.identifier_hash, fresh.kind, fresh.value, fresh.home_id,
       min(fresh.home_id) OVER (PARTITION BY fresh.group_number), fresh.first_seen_at
  FROM (SELECT given.identifier_hash, given.kind, given.value, given.first_seen_at, given.group_number,
               nextval('person_home_id') AS home_id
          FROM unnest(%(hashes)s::uuid[], %(kinds)s::text[], %(values)s::text[], %(seen)s::timestamptz[],
                      %(groups)s::bigint[])
               AS given (identifier_hash, kind, value, first_seen_at, group_number)) AS fresh
 ORDER BY fresh.identifier_hash
    ON CONFLICT DO NOTHING
RETURNING identifier_hash, home_id, person_id;

-- name: insert_edges
-- The edges that were new.
INSERT INTO identity_edge (workspace_id, low_id, high_id, origin, first_seen_at)
SELECT %(workspace)s, given.low_id, given.high_id, given.origin, given.first_seen_at
  FROM unnest(%(lows)s::bigint[], %(highs)s::bigint[], %(origins)s::text[], %(seen)s::timestamptz[])
       AS given (low_id, high_id, origin, first_seen_at)
    ON CONFLICT DO NOTHING
RETURNING low_id, high_id;

-- name: hold_identity
-- Waits for the workspace's other changes of identity, then keeps them out until this transaction ends.
SELECT pg_advisory_xact_lock(8400002, %(workspace)s::integer);

-- name: list_members_around
-- Every identifier of the persons that some homes belong to.
SELECT mate.home_id, mate.kind, mate.person_id
  FROM (SELECT DISTINCT person_id
          FROM identifier
         WHERE workspace_id = %(workspace)s
           AND home_id = ANY (%(homes)s::bigint[])) AS touched
 CROSS JOIN LATERAL (SELECT home_id, kind, person_id
                       FROM identifier
                      WHERE workspace_id = %(workspace)s
                        AND person_id = touched.person_id
                     OFFSET 0) AS mate;

-- name: list_links
-- The edges at some homes as seen from there; at a hub no more than decide that it is one. The subselects with
-- a limit keep the planner on the indexes: the whole of a table is never the faster way here.
SELECT near.home_id, near.other_id, other.kind, other.person_id, near.is_manual, near.is_cut
  FROM (SELECT node.home_id, edge.other_id, edge.is_manual, edge.is_cut
          FROM unnest(%(homes)s::bigint[]) AS node (home_id)
         CROSS JOIN LATERAL (
               (SELECT high_id AS other_id, is_manual, is_cut
                  FROM identity_edge
                 WHERE workspace_id = %(workspace)s AND low_id = node.home_id AND NOT is_manual
                 LIMIT %(most)s)
                UNION ALL
               (SELECT low_id, is_manual, is_cut
                  FROM identity_edge
                 WHERE workspace_id = %(workspace)s AND high_id = node.home_id AND NOT is_manual
                 LIMIT %(most)s)
                UNION ALL
                SELECT high_id, is_manual, is_cut
                  FROM identity_edge
                 WHERE workspace_id = %(workspace)s AND low_id = node.home_id AND is_manual
                UNION ALL
                SELECT low_id, is_manual, is_cut
                  FROM identity_edge
                 WHERE workspace_id = %(workspace)s AND high_id = node.home_id AND is_manual) AS edge) AS near
 CROSS JOIN LATERAL (SELECT kind, person_id
                       FROM identifier
                      WHERE workspace_id = %(workspace)s
                        AND home_id = near.other_id
                      LIMIT 1) AS other;

-- name: list_members
-- Every identifier of some persons.
SELECT home_id, kind, person_id
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND person_id = ANY (%(persons)s::bigint[]);

-- name: move_identifiers
-- Gives homes to their new persons.
UPDATE identifier
   SET person_id = given.person_id
  FROM unnest(%(homes)s::bigint[], %(persons)s::bigint[]) AS given (home_id, person_id)
 WHERE identifier.workspace_id = %(workspace)s
   AND identifier.home_id = given.home_id;

-- name: insert_persons
-- Rows of persons who were just met; the projector folds the rest in.
INSERT INTO person (workspace_id, person_id, first_seen_at, last_seen_at, introduced_at)
SELECT %(workspace)s, given.person_id, given.seen_at, given.seen_at, given.seen_at
  FROM unnest(%(persons)s::bigint[], %(seen)s::timestamptz[]) AS given (person_id, seen_at)
    ON CONFLICT DO NOTHING;

-- name: insert_split_persons
-- Rows of persons who came apart from others.
INSERT INTO person (workspace_id, person_id, first_seen_at, last_seen_at, introduced_at)
SELECT %(workspace)s, person_id, min(first_seen_at), max(first_seen_at), min(first_seen_at)
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND person_id = ANY (%(persons)s::bigint[])
 GROUP BY person_id
    ON CONFLICT DO NOTHING;

-- name: delete_persons
-- Takes absorbed persons out of the lists. Rows that a fold holds are left: it takes them away itself when it
-- finds the note that they are stale, and ingest does not wait for it.
DELETE FROM person
 USING (SELECT person_id
          FROM person
         WHERE workspace_id = %(workspace)s
           AND person_id = ANY (%(persons)s::bigint[])
           FOR UPDATE SKIP LOCKED) AS absorbed
 WHERE person.workspace_id = %(workspace)s
   AND person.person_id = absorbed.person_id;

-- name: mark_stale
-- Asks for persons to be folded again.
INSERT INTO person_stale (workspace_id, person_id)
SELECT %(workspace)s, given.person_id
  FROM unnest(%(persons)s::bigint[]) AS given (person_id);

-- name: insert_history
-- Adds to the audit trail; other_ids come as text, since arrays of arrays must be rectangular.
INSERT INTO identity_audit (workspace_id, actor, action, person_id, other_ids, reason)
SELECT %(workspace)s, %(actor)s, given.action, given.person_id, given.other_ids::bigint[], given.reason
  FROM unnest(%(actions)s::text[], %(persons)s::bigint[], %(others)s::text[], %(reasons)s::text[])
       AS given (action, person_id, other_ids, reason);

-- ---------------------------------------------------------------- what people decide: merge, unmerge, erase

-- name: find_person
-- The living person behind a home id, or no row.
SELECT person_id
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND home_id = %(home)s;

-- name: put_declared_edge
-- Declares two homes one person, again if that was taken back.
INSERT INTO identity_edge (workspace_id, low_id, high_id, origin, first_seen_at)
VALUES (%(workspace)s, %(low)s, %(high)s, 'manual', %(seen_at)s)
    ON CONFLICT (workspace_id, low_id, high_id, is_manual) DO UPDATE
   SET is_cut = false;

-- name: cut_edges
-- Cuts the edges that lead from some homes to others, declared or automatic.
UPDATE identity_edge
   SET is_cut = true
 WHERE workspace_id = %(workspace)s
   AND is_manual = %(is_manual)s
   AND NOT is_cut
   AND (low_id = ANY (%(here)s::bigint[]) AND high_id = ANY (%(there)s::bigint[])
        OR low_id = ANY (%(there)s::bigint[]) AND high_id = ANY (%(here)s::bigint[]));

-- name: list_neighbors
-- The homes at the other ends of the edges of some homes.
SELECT other.home_id
  FROM (SELECT high_id AS home_id
          FROM identity_edge
         WHERE workspace_id = %(workspace)s AND low_id = ANY (%(homes)s::bigint[])
         UNION
        SELECT low_id
          FROM identity_edge
         WHERE workspace_id = %(workspace)s AND high_id = ANY (%(homes)s::bigint[])) AS other
 WHERE other.home_id <> ALL (%(homes)s::bigint[]);

-- name: list_referrers
-- The homes of others of whom the invites and codes of some homes say something, or will once those are gone.
SELECT referee_home AS home_id
  FROM invite
 WHERE workspace_id = %(workspace)s
   AND referrer_home = ANY (%(homes)s::bigint[])
   AND referee_home <> ALL (%(homes)s::bigint[])
 UNION
SELECT referrer_home
  FROM invite
 WHERE workspace_id = %(workspace)s
   AND referee_home = ANY (%(homes)s::bigint[])
   AND referrer_home <> 0
 UNION
SELECT heir.home_id
  FROM (SELECT code FROM invite_code WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[])
         UNION
        SELECT code
          FROM invite
         WHERE workspace_id = %(workspace)s AND referee_home = ANY (%(homes)s::bigint[]) AND referrer_home = 0) AS known
 CROSS JOIN LATERAL (SELECT home_id
                       FROM invite_code
                      WHERE workspace_id = %(workspace)s
                        AND invite_code.code = known.code
                        AND home_id <> ALL (%(homes)s::bigint[])
                      ORDER BY sent_at, home_id
                      LIMIT 1) AS heir;

-- name: erase_rejected
-- Deletes refused events that carry one of the identifiers.
DELETE FROM event_rejected
 USING identifier
 WHERE event_rejected.workspace_id = %(workspace)s
   AND identifier.workspace_id = %(workspace)s
   AND identifier.home_id = ANY (%(homes)s::bigint[])
   AND length(identifier.value) > 3
   AND strpos(event_rejected.payload, identifier.value) > 0;

-- name: erase_recognition
-- Has platforms asked no more who some homes are.
DELETE FROM recognition
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_outbox
-- Deletes facts about the identifiers that are still to become events.
DELETE FROM fact_outbox
 USING identifier
 WHERE fact_outbox.workspace_id = %(workspace)s
   AND identifier.workspace_id = %(workspace)s
   AND identifier.home_id = ANY (%(homes)s::bigint[])
   AND fact_outbox.refs @> jsonb_build_array(jsonb_build_array(identifier.kind, identifier.value));

-- name: erase_inbound
-- Takes away what was received from one of the identifiers and could not be handled, or was not yet; that it was
-- received stays, so that it is not taken in again.
UPDATE inbound
   SET body = '', state = 'done', error = NULL, done_at = now()
  FROM identifier
 WHERE inbound.workspace_id = %(workspace)s
   AND inbound.state <> 'done'
   AND identifier.workspace_id = %(workspace)s
   AND identifier.home_id = ANY (%(homes)s::bigint[])
   AND length(identifier.value) > 3
   AND strpos(inbound.body, identifier.value) > 0;

-- name: erase_notes
-- Deletes what accounts of channels keep about one of the identifiers.
DELETE FROM channel_note
 USING identifier
 WHERE channel_note.workspace_id = %(workspace)s
   AND identifier.workspace_id = %(workspace)s
   AND identifier.home_id = ANY (%(homes)s::bigint[])
   AND channel_note.of_kind = identifier.kind
   AND channel_note.of_value = identifier.value;

-- name: erase_firings
-- Deletes which auto-replies answered some homes.
DELETE FROM auto_reply_firing
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_reply_states
-- Deletes where conversations with some homes stand, half-filled lead forms included.
DELETE FROM auto_reply_state
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_brakes
-- Deletes that conversations with some homes were braked.
DELETE FROM auto_reply_brake
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_taps
-- Deletes what some homes tapped in menus.
DELETE FROM menu_tap
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_order_lines
-- Deletes the lines of the orders of some homes.
DELETE FROM order_line
 USING shop_order
 WHERE order_line.workspace_id = %(workspace)s
   AND shop_order.workspace_id = %(workspace)s
   AND shop_order.order_id = order_line.order_id
   AND shop_order.home_id = ANY (%(homes)s::bigint[]);

-- name: erase_refunds
-- Deletes the refunds of the orders of some homes.
DELETE FROM refund
 USING shop_order
 WHERE refund.workspace_id = %(workspace)s
   AND shop_order.workspace_id = %(workspace)s
   AND shop_order.order_id = refund.order_id
   AND shop_order.home_id = ANY (%(homes)s::bigint[]);

-- name: erase_orders
-- Deletes the orders of some homes.
DELETE FROM shop_order WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_invites
-- Deletes invites sent or taken up by some homes.
DELETE FROM invite
 WHERE workspace_id = %(workspace)s
   AND (referee_home = ANY (%(homes)s::bigint[]) OR referrer_home = ANY (%(homes)s::bigint[]));

-- name: erase_codes
-- Deletes that some homes sent codes.
DELETE FROM invite_code WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_consent
-- One row; the ledger is closed to the application but for this.
SELECT erase_consent(%(homes)s::bigint[]);

-- name: erase_windows
-- Deletes the rights to speak that were given at the addresses of some homes.
DELETE FROM contact_window
 USING identifier
 WHERE contact_window.workspace_id = %(workspace)s
   AND identifier.workspace_id = %(workspace)s
   AND identifier.home_id = ANY (%(homes)s::bigint[])
   AND contact_window.address_hash = identifier.identifier_hash;

-- name: erase_staff
-- Deletes which members of staff had been added from the addresses of some homes.
DELETE FROM contact_staff
 USING identifier
 WHERE contact_staff.workspace_id = %(workspace)s
   AND identifier.workspace_id = %(workspace)s
   AND identifier.home_id = ANY (%(homes)s::bigint[])
   AND contact_staff.address_hash = identifier.identifier_hash;

-- name: erase_quotas
-- Deletes what was used of quotas of those addresses.
DELETE FROM quota_use
 USING identifier
 WHERE quota_use.workspace_id = %(workspace)s
   AND identifier.workspace_id = %(workspace)s
   AND identifier.home_id = ANY (%(homes)s::bigint[])
   AND quota_use.subject = identifier.identifier_hash;

-- name: erase_receipts
-- Takes what platforms told of messages to some homes away, but for how many there were.
UPDATE receipt
   SET detail = ''
  FROM intent
 WHERE receipt.workspace_id = %(workspace)s
   AND intent.workspace_id = %(workspace)s
   AND intent.home_id = ANY (%(homes)s::bigint[])
   AND receipt.intent_id = intent.intent_id;

-- name: erase_intents
-- Makes messages to some homes those of nobody, so that reports stay as they were; none of them goes out any more.
UPDATE intent
   SET home_id = -intent_id, said = NULL, address_hash = NULL, platform_id = NULL, notes = '[]', proof = NULL,
       state = CASE WHEN state IN ('waiting', 'claimed') THEN 'skipped' ELSE state END,
       rule = CASE WHEN state IN ('waiting', 'claimed') THEN 'erased' ELSE rule END,
       done_at = coalesce(done_at, CASE WHEN state IN ('waiting', 'claimed') THEN now() END)
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_lists
-- Takes some homes off every list.
DELETE FROM person_list WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_experiments
-- Takes some homes out of the arms of experiments.
DELETE FROM experiment_person WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_bulk
-- Deletes what bulk actions remember of some homes.
DELETE FROM bulk_action_home WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_reports
-- Takes reports of uploaded rows away that hold one of the identifiers.
UPDATE list_upload
   SET report = NULL
  FROM identifier
 WHERE list_upload.workspace_id = %(workspace)s
   AND identifier.workspace_id = %(workspace)s
   AND identifier.home_id = ANY (%(homes)s::bigint[])
   AND length(identifier.value) > 3
   AND strpos(lower(list_upload.report), lower(identifier.value)) > 0;

-- name: erase_clicks
-- Deletes the click ids of some homes.
DELETE FROM person_click WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_visits
-- Deletes visits to links in messages to some homes.
DELETE FROM link_visit
 USING link_recipient
 WHERE link_visit.workspace_id = %(workspace)s
   AND link_recipient.workspace_id = %(workspace)s
   AND link_recipient.code = link_visit.recipient
   AND link_recipient.person_id = ANY (%(homes)s::bigint[]);

-- name: erase_link_recipients
-- Deletes that messages with links went to some homes: the links lead on, to nobody in particular.
DELETE FROM link_recipient WHERE workspace_id = %(workspace)s AND person_id = ANY (%(homes)s::bigint[]);

-- name: erase_parts
-- Deletes what was said of some homes.
DELETE FROM person_part WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_events
-- Deletes the events of some homes that are still here; the lake deletes its own.
DELETE FROM event WHERE workspace_id = %(workspace)s AND person_id = ANY (%(homes)s::bigint[]);

-- name: erase_edges
-- Deletes the edges at some homes.
DELETE FROM identity_edge
 WHERE workspace_id = %(workspace)s
   AND (low_id = ANY (%(homes)s::bigint[]) OR high_id = ANY (%(homes)s::bigint[]));

-- name: erase_identifiers
-- Deletes the identifiers that made some homes.
DELETE FROM identifier WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_scores
-- Deletes the scores of some homes; after their identifiers, see put_scores.
DELETE FROM person_score WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_tags
-- Deletes the tags of some homes; after their identifiers, as whoever gives tags holds those.
DELETE FROM person_tag WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_tag_log
-- Deletes who gave tags to some homes and why; after the tags, which whoever writes of them holds.
DELETE FROM tag_log WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_layers
-- Deletes the classes of some homes.
DELETE FROM person_layer WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_segment_parts
-- Deletes what segments remember of the events of some homes; after their identifiers, as a backfill holds those.
DELETE FROM segment_part WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: erase_segment_facts
-- Makes the entries and exits of some persons those of nobody; sizes of earlier days stay as they were.
UPDATE segment_change SET person_id = 0 WHERE workspace_id = %(workspace)s AND person_id = ANY (%(homes)s::bigint[]);

-- name: erase_person
-- Deletes the person that some homes were.
DELETE FROM person WHERE workspace_id = %(workspace)s AND person_id = ANY (%(homes)s::bigint[]);

-- name: erase_computed
-- Deletes what formulas came to for some persons; after their rows, which whoever writes it holds.
DELETE FROM person_computed WHERE workspace_id = %(workspace)s AND person_id = ANY (%(homes)s::bigint[]);

-- name: erase_changes
-- Deletes what has changed in the portraits of some persons.
DELETE FROM portrait_change WHERE workspace_id = %(workspace)s AND person_id = ANY (%(homes)s::bigint[]);

-- name: erase_media
-- Deletes files that came with answers to some homes and to nobody else, unless a template shows them; their names.
WITH theirs AS (
    DELETE FROM media_recipient
     WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[])
    RETURNING media_id
)
DELETE FROM media_file AS file
 WHERE file.workspace_id = %(workspace)s
   AND file.media_id IN (SELECT media_id FROM theirs)
   AND file.is_attachment
   AND NOT EXISTS (SELECT FROM media_recipient AS other
                    WHERE other.workspace_id = %(workspace)s
                      AND other.media_id = file.media_id
                      AND other.home_id <> ALL (%(homes)s::bigint[]))
   AND NOT EXISTS (SELECT FROM media_use AS other
                    WHERE other.workspace_id = %(workspace)s
                      AND other.media_id = file.media_id
                      AND other.home_id <> ALL (%(homes)s::bigint[]))
   AND NOT EXISTS (SELECT FROM template_version AS version
                    WHERE version.workspace_id = %(workspace)s AND strpos(version.content::text, file.digest) > 0)
   AND NOT EXISTS (SELECT FROM template
                    WHERE template.workspace_id = %(workspace)s AND strpos(template.draft::text, file.digest) > 0)
RETURNING file.digest || '.' || file.extension AS name;

-- name: insert_erasure
-- The number of the erasure, which the lake and the library of media carry out as well.
INSERT INTO erasure (workspace_id, home_ids, requested_by, media)
VALUES (%(workspace)s, %(homes)s::bigint[], %(actor)s, %(media)s::text[])
RETURNING erasure_id;
