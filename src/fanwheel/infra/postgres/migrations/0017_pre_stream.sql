-- The way from an event to membership: what each event costs there.

SET LOCAL lock_timeout = '10s';

-- Whether the person was merely seen again, so that nothing else of the portrait has to be looked at.
ALTER TABLE person_stale ADD COLUMN is_seen_only boolean NOT NULL DEFAULT false;

-- Written for a workspace in hand, under the fence, like the tables of persons: asking for it at each row was a good
-- part of what a note costs.
ALTER TABLE person_stale DROP CONSTRAINT person_stale_workspace_id_fkey;
