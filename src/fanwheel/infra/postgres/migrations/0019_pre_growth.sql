-- What is known of people whose events only added up: their segments can be told apart from those that nothing moves.

SET LOCAL lock_timeout = '10s';

-- Not null: the person was merely seen again, and these metrics remember more than before.
ALTER TABLE person_stale DROP COLUMN is_seen_only, ADD COLUMN grew integer[];
ALTER TABLE segment_note ADD COLUMN grew integer[];
