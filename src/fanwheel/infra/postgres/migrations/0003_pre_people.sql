-- People who are listed: those of whom something is known beyond an identifier.

SET LOCAL lock_timeout = '10s';

-- An identifier that a guard keeps apart, or that was split off, is a person without anything to it. It can be
-- looked up, but is nobody to be listed or counted. Worked out by the fold; until then whoever comes is taken for real.
ALTER TABLE person ADD COLUMN is_real boolean NOT NULL DEFAULT true;

INSERT INTO person_stale (workspace_id, person_id)
SELECT workspace_id, person_id FROM person WHERE event_count = 0;

-- Whether a person passes the filters of a list; one that is NULL is not set. Source and domain are those of the
-- first or the last touch. Without a search only real persons pass. The planner takes it apart, so it costs what its
-- parts cost.
DROP FUNCTION person_matches(person, smallint, smallint, integer, text, boolean);
CREATE FUNCTION person_matches(p_person person, p_stage smallint, p_domain smallint, p_source integer, p_tag text,
                               p_fan boolean, p_found bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (p_stage IS NULL OR p_person.stage = p_stage)
       AND (p_domain IS NULL OR p_person.first_domain = p_domain OR p_person.last_domain = p_domain)
       AND (p_source IS NULL OR p_person.first_source_id = p_source OR p_person.last_source_id = p_source)
       AND (p_tag IS NULL OR p_tag = ANY (p_person.tags))
       AND (p_fan IS NULL OR p_person.is_fan = p_fan)
       AND CASE WHEN p_found IS NULL THEN p_person.is_real ELSE p_person.person_id = ANY (p_found) END
$$;
