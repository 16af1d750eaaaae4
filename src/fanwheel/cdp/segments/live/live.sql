-- Judging: notes and timers in, memberships and facts out. All of one workspace, under its lock.

-- name: lock
-- Waits until nobody judges or changes segments, then keeps others out until the transaction ends.
SELECT pg_advisory_xact_lock(8400005, %(workspace)s::integer);

-- name: lock_parts
-- Waits until nobody writes what is remembered of events, then keeps others out until the transaction ends.
SELECT pg_advisory_xact_lock(8400006, %(workspace)s::integer);

-- name: list_work
-- Which workspaces have something to do, and when time alone will ask.
SELECT workspace_id, is_noted, is_building, due_at
  FROM list_segment_work();

-- name: find_state
-- What the rules stand at, and until when people were judged; no row where there have never been segments.
SELECT book.revision,
       CASE WHEN isfinite(book.judged_at) THEN round(date_part('epoch', book.judged_at) * 1000000)::bigint END AS judged_us,
       workspace.time_zone, book.time_zone AS judged_zone, book.is_building,
       coalesce((SELECT json_object_agg(place.key, place.built_to)
                   FROM (SELECT segment_id::text AS key, built_to
                           FROM segment
                          WHERE segment.workspace_id = %(workspace)s
                            AND segment.status = 'building'
                          UNION ALL
                         SELECT 'trait:' || name, built_to
                           FROM computed_trait
                          WHERE computed_trait.workspace_id = %(workspace)s
                            AND computed_trait.status = 'building') AS place), '{}') AS built_to
  FROM segment_book AS book
  JOIN workspace USING (workspace_id)
 WHERE book.workspace_id = %(workspace)s;

-- name: list_rules
-- Every segment with its rules.
SELECT segment_id, status, rule, live_rule
  FROM segment
 WHERE workspace_id = %(workspace)s
 ORDER BY segment_id;

-- name: list_metrics
-- Every metric that events are remembered for.
SELECT metric_id, spec, ready_at IS NOT NULL AS is_ready
  FROM segment_metric
 WHERE workspace_id = %(workspace)s
 ORDER BY metric_id;

-- name: list_metric_ids
-- The numbers of the metrics, or NULL if there are none.
SELECT array_agg(metric_id ORDER BY metric_id) AS ids
  FROM segment_metric
 WHERE workspace_id = %(workspace)s;

-- name: list_sources
-- The slug of every source.
SELECT source_id, slug
  FROM source
 WHERE workspace_id = %(workspace)s;

-- name: list_notes
-- Notes of persons to be judged, the oldest; with the metrics that grew where that is all.
SELECT note_id, person_id, grew
  FROM segment_note
 WHERE workspace_id = %(workspace)s
 ORDER BY note_id
 LIMIT %(most)s;

-- name: delete_notes
-- Takes notes away.
DELETE FROM segment_note
 WHERE workspace_id = %(workspace)s
   AND note_id = ANY (%(notes)s::bigint[]);

-- name: load_stands
-- Which segments persons are in, and the stamp of the rules that they were judged by.
SELECT person_id, members, substring(seen FOR 8) AS stamp
  FROM segment_person
 WHERE workspace_id = %(workspace)s
   AND person_id = ANY (%(persons)s::bigint[]);

-- name: list_due
-- Persons whom time alone may have moved, those due first first.
SELECT person_id
  FROM segment_person
 WHERE workspace_id = %(workspace)s
   AND due_at <= timestamptz 'epoch' + %(now_us)s::bigint * interval '1 microsecond'
 ORDER BY due_at
 LIMIT %(most)s;

-- name: list_next
-- Living persons after one, in the order of their ids.
SELECT person_id
  FROM person
 WHERE workspace_id = %(workspace)s
   AND person_id > %(after)s
   AND is_real
 ORDER BY person_id
 LIMIT %(most)s;

-- name: load_people
-- What rules ask of living persons, and where they stand; moments in epoch microseconds.
SELECT person.person_id, person.traits::text, person.tags, person.stage, person.channels, person.is_inviter,
       person.is_invitee, person.list_ids, person.first_source_id, person.last_source_id, person.first_domain,
       person.last_domain, person.layers::text, person.event_count, person.order_count::bigint, person.revenue_minor,
       round(date_part('epoch', person.first_seen_at) * 1000000)::bigint,
       round(date_part('epoch', person.last_seen_at) * 1000000)::bigint,
       round(date_part('epoch', person.introduced_at) * 1000000)::bigint,
       round(date_part('epoch', person.operated_at) * 1000000)::bigint,
       round(date_part('epoch', person.converted_at) * 1000000)::bigint,
       round(date_part('epoch', person.shared_at) * 1000000)::bigint,
       round(date_part('epoch', person.repurchased_at) * 1000000)::bigint,
       round(date_part('epoch', person.first_touch_at) * 1000000)::bigint,
       round(date_part('epoch', person.last_touch_at) * 1000000)::bigint,
       standing.members, standing.seen,
       round(date_part('epoch', standing.due_at) * 1000000)::bigint
  FROM person
  LEFT JOIN segment_person AS standing
         ON standing.workspace_id = %(workspace)s AND standing.person_id = person.person_id
 WHERE person.workspace_id = %(workspace)s
   AND person.person_id = ANY (%(persons)s::bigint[])
   AND person.is_real;

-- name: load_parts_of
-- What is remembered of the events of some persons, a row for each home.
SELECT home.person_id, part.digest, part.words
  FROM identifier AS home
  JOIN segment_part AS part ON part.workspace_id = %(workspace)s AND part.home_id = home.home_id
 WHERE home.workspace_id = %(workspace)s
   AND home.person_id = ANY (%(persons)s::bigint[]);

-- name: load_absent
-- Of persons who are no more, or nobody: where they stood, and whether they live on in another.
SELECT standing.person_id, standing.members,
       EXISTS (SELECT FROM identifier AS home
                WHERE home.workspace_id = %(workspace)s AND home.home_id = standing.person_id) AS is_known
  FROM segment_person AS standing
 WHERE standing.workspace_id = %(workspace)s
   AND standing.person_id = ANY (%(persons)s::bigint[]);

-- name: put_people
-- Writes where persons stand now.
INSERT INTO segment_person (workspace_id, person_id, members, seen, due_at, judged_at)
SELECT %(workspace)s, given.person_id, given.members::integer[], given.seen,
       timestamptz 'epoch' + given.due_us * interval '1 microsecond',
       timestamptz 'epoch' + %(now_us)s::bigint * interval '1 microsecond'
  FROM unnest(%(persons)s::bigint[], %(members)s::text[], %(seen)s::bytea[], %(due_us)s::bigint[])
       AS given (person_id, members, seen, due_us)
    ON CONFLICT (workspace_id, person_id) DO UPDATE
   SET members = excluded.members,
       seen = excluded.seen,
       due_at = excluded.due_at,
       judged_at = excluded.judged_at;

-- name: delete_people
-- Forgets where persons stood.
DELETE FROM segment_person
 WHERE workspace_id = %(workspace)s
   AND person_id = ANY (%(persons)s::bigint[]);

-- name: put_changes
-- Adds entries and exits, in their order.
INSERT INTO segment_change (workspace_id, segment_id, person_id, is_entry, changed_at, cause)
SELECT %(workspace)s, given.segment_id, given.person_id, given.is_entry,
       timestamptz 'epoch' + %(now_us)s::bigint * interval '1 microsecond', given.cause
  FROM unnest(%(segments)s::integer[], %(persons)s::bigint[], %(entries)s::boolean[], %(causes)s::text[])
       WITH ORDINALITY AS given (segment_id, person_id, is_entry, cause, place)
 ORDER BY given.place;

-- name: load_bitmaps
-- Chunks of bitmaps.
SELECT segment_id, chunk, members
  FROM segment_bitmap
  JOIN unnest(%(segments)s::integer[], %(chunks)s::integer[]) AS asked (segment_id, chunk) USING (segment_id, chunk)
 WHERE segment_bitmap.workspace_id = %(workspace)s;

-- name: put_bitmaps
-- Writes chunks of bitmaps.
INSERT INTO segment_bitmap (workspace_id, segment_id, chunk, size, members)
SELECT %(workspace)s, given.segment_id, given.chunk, given.size, given.members
  FROM unnest(%(segments)s::integer[], %(chunks)s::integer[], %(sizes)s::integer[], %(members)s::bytea[])
       AS given (segment_id, chunk, size, members)
    ON CONFLICT (workspace_id, segment_id, chunk) DO UPDATE
   SET size = excluded.size,
       members = excluded.members;

-- name: step_clock
-- Remembers for which instant people were judged; when time alone will ask for somebody next, in epoch microseconds.
UPDATE segment_book
   SET judged_at = timestamptz 'epoch' + %(now_us)s::bigint * interval '1 microsecond'
 WHERE workspace_id = %(workspace)s
RETURNING (SELECT round(date_part('epoch', min(due_at)) * 1000000)::bigint
             FROM segment_person
            WHERE workspace_id = %(workspace)s
              AND due_at IS NOT NULL) AS next_us;

-- name: set_clock_back
-- Has everybody judged again who was judged for an instant that is yet to come.
UPDATE segment_person
   SET due_at = timestamptz 'epoch' + %(now_us)s::bigint * interval '1 microsecond'
 WHERE workspace_id = %(workspace)s
   AND judged_at > timestamptz 'epoch' + %(now_us)s::bigint * interval '1 microsecond';

-- name: move_zone
-- Has everybody judged again whom time alone may move, because days begin at another moment now.
UPDATE segment_person
   SET due_at = timestamptz 'epoch' + %(now_us)s::bigint * interval '1 microsecond'
 WHERE workspace_id = %(workspace)s
   AND due_at IS NOT NULL;

-- name: rebuild_hours
-- Has the hours of the day worked out anew, because clocks show others now.
UPDATE computed_trait
   SET status = 'building',
       built_to = 0
 WHERE workspace_id = %(workspace)s
   AND status <> 'retiring'
   AND 'best_hour' IN (formula ->> 'of', live_formula ->> 'of');

-- name: set_zone
-- Remembers by which time zone people are judged.
UPDATE segment_book SET time_zone = %(zone)s WHERE workspace_id = %(workspace)s;

-- name: load_parts
-- What is remembered of the events of some homes.
SELECT home_id, digest, words
  FROM segment_part
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[]);

-- name: put_parts
-- Writes what is remembered of homes.
INSERT INTO segment_part (workspace_id, home_id, digest, words)
SELECT %(workspace)s, given.home_id, given.digest, given.words
  FROM unnest(%(homes)s::bigint[], %(digests)s::bytea[], %(words)s::text[]) AS given (home_id, digest, words)
    ON CONFLICT (workspace_id, home_id) DO UPDATE
   SET digest = excluded.digest,
       words = excluded.words;

-- name: hold_homes
-- Those of some homes that were not erased; they cannot be until the transaction ends.
SELECT home_id
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[])
 ORDER BY home_id
   FOR KEY SHARE;

-- name: finish_metrics
-- Everything there was is remembered for these metrics too.
UPDATE segment_metric
   SET ready_at = now()
 WHERE workspace_id = %(workspace)s
   AND metric_id = ANY (%(metrics)s::integer[])
   AND ready_at IS NULL;

-- name: step_build
-- Notes whom a build has passed.
UPDATE segment
   SET built_to = %(built_to)s
 WHERE workspace_id = %(workspace)s
   AND segment_id = ANY (%(segments)s::integer[])
   AND status = 'building';

-- name: finish_build
-- From here on the rule decides about everybody.
UPDATE segment
   SET status = 'live',
       live_rule = rule,
       built_to = 0,
       built_at = timestamptz 'epoch' + %(now_us)s::bigint * interval '1 microsecond',
       error = NULL
 WHERE workspace_id = %(workspace)s
   AND segment_id = ANY (%(segments)s::integer[])
   AND status = 'building';

-- name: turn_page
-- Lets everybody read the rules anew.
UPDATE segment_book
   SET revision = revision + 1
 WHERE workspace_id = %(workspace)s;

-- name: list_building
-- Segments that are to be built, with how far each has come.
SELECT segment_id, rule, built_to
  FROM segment
 WHERE workspace_id = %(workspace)s
   AND status = 'building'
 ORDER BY segment_id;

-- name: fail_build
-- Gives a build up, with the reason.
UPDATE segment
   SET status = 'failed',
       error = %(error)s
 WHERE workspace_id = %(workspace)s
   AND segment_id = ANY (%(segments)s::integer[])
   AND status = 'building';

-- name: try_build_lock
-- Whether this session may now build segments of the workspace; it may until it unlocks or ends.
SELECT pg_try_advisory_lock(8400007, %(workspace)s::integer) AS is_held;

-- name: build_unlock
-- Lets another session build.
SELECT pg_advisory_unlock(8400007, %(workspace)s::integer);

-- name: set_building
-- Says whether segments are worked out anew.
UPDATE segment_book SET is_building = %(is_building)s WHERE workspace_id = %(workspace)s;

-- name: clear_rechecks
-- Forgets who was judged meanwhile.
DELETE FROM segment_recheck WHERE workspace_id = %(workspace)s;

-- name: add_rechecks
-- Writes down who is judged while segments are worked out anew.
INSERT INTO segment_recheck (workspace_id, person_id)
SELECT %(workspace)s, given.person_id
  FROM unnest(%(persons)s::bigint[]) AS given (person_id)
    ON CONFLICT DO NOTHING;

-- name: list_between
-- Living persons after one, up to another, where they stand, and whether they were judged meanwhile.
SELECT person.person_id, standing.members, standing.seen,
       round(date_part('epoch', standing.due_at) * 1000000)::bigint,
       EXISTS (SELECT FROM segment_recheck AS judged
                WHERE judged.workspace_id = %(workspace)s AND judged.person_id = person.person_id)
  FROM person
  LEFT JOIN segment_person AS standing
         ON standing.workspace_id = %(workspace)s AND standing.person_id = person.person_id
 WHERE person.workspace_id = %(workspace)s
   AND person.person_id > %(after)s
   AND person.person_id <= %(last)s
   AND person.is_real;

-- name: count_after
-- How many persons are listed after one, counted no further than asked.
SELECT count(*)
  FROM (SELECT
          FROM person
         WHERE workspace_id = %(workspace)s
           AND person_id > %(after)s
         LIMIT %(most)s) AS counted;

-- name: add_notes
-- Asks for persons to be judged.
INSERT INTO segment_note (workspace_id, person_id)
SELECT %(workspace)s, given.person_id
  FROM unnest(%(persons)s::bigint[]) AS given (person_id);

-- name: list_bitmaps
-- Every chunk of every bitmap.
SELECT segment_id, chunk, members
  FROM segment_bitmap
 WHERE workspace_id = %(workspace)s;

-- name: list_standings
-- Who is in which segment by what is kept of persons.
SELECT member.segment_id, array_agg(standing.person_id) AS people
  FROM segment_person AS standing
 CROSS JOIN unnest(standing.members) AS member (segment_id)
 WHERE standing.workspace_id = %(workspace)s
 GROUP BY member.segment_id;

-- name: forget_changes
-- Takes away those of the oldest entries and exits that are from before an instant. They are told in the order of their
-- ids, so no more than these need be looked at.
DELETE FROM segment_change
 WHERE workspace_id = %(workspace)s
   AND change_id IN (SELECT change_id
                       FROM (SELECT change_id, changed_at
                               FROM segment_change
                              WHERE workspace_id = %(workspace)s
                              ORDER BY change_id
                              LIMIT %(most)s) AS oldest
                      WHERE changed_at < %(before)s);

-- name: find_lag
-- How many persons wait to be judged, how many are overdue by a minute, and how many builds have failed.
SELECT (SELECT count(*) FROM segment_note WHERE workspace_id = %(workspace)s) AS notes,
       (SELECT count(*)
          FROM segment_person
         WHERE workspace_id = %(workspace)s
           AND due_at < now() - interval '1 minute') AS overdue,
       (SELECT count(*) FROM segment WHERE workspace_id = %(workspace)s AND status = 'failed') AS failed;
