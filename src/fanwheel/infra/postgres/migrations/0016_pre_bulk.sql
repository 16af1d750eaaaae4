-- People in bulk: what was done to many at once, and whom it changed, so that it can be taken back.

SET LOCAL lock_timeout = '10s';

-- ---------------------------------------------------------------- people in order
-- Only who is listed, with all that an order and a set of ids ask for: lists of people are read from these alone.
CREATE INDEX person_by_last_seen ON person (workspace_id, last_seen_at, person_id) WHERE is_real;
CREATE INDEX person_by_revenue ON person (workspace_id, revenue_minor, person_id) WHERE is_real;
DROP INDEX person_recent;
DROP INDEX person_value;

-- Whether a bit is set: bit n stands for the id p_low + n. The planner takes it apart.
CREATE FUNCTION has_bit(p_bits bytea, p_low bigint, p_high bigint, p_id bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN p_id BETWEEN p_low AND p_high THEN get_bit(p_bits, p_id - p_low) = 1 ELSE false END
$$;

-- As before, with the test of a bit at one place.
CREATE OR REPLACE FUNCTION person_among(p_person person, p_list integer, p_bits bytea, p_low bigint, p_high bigint)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (p_list IS NULL OR p_list = ANY (p_person.list_ids))
       AND (p_bits IS NULL OR has_bit(p_bits, p_low, p_high, p_person.person_id))
$$;

-- A person as a row of a table, with the first identifier of each kind. Revenue is in the reporting currency.
CREATE VIEW person_row WITH (security_invoker = true) AS
SELECT person.workspace_id, person.person_id, known.user_id, known.email, known.phone, known.unionid, known.openid,
       known.wecom_external_userid, known.douyin_open_id, known.anonymous_id, person.display_name AS name,
       (ARRAY['introduce', 'operate', 'convert', 'share', 'repurchase'])[person.stage] AS stage, person.is_fan,
       person.tags, person.order_count,
       person.revenue_minor / 10::numeric ^ currency_digits(place.reporting_currency) AS revenue,
       place.reporting_currency AS currency, person.first_seen_at, person.last_seen_at, person.traits, person.is_real
  FROM person
  JOIN workspace AS place USING (workspace_id)
 CROSS JOIN LATERAL (
        SELECT min(value) FILTER (WHERE kind = 'user_id') AS user_id,
               min(value) FILTER (WHERE kind = 'email') AS email,
               min(value) FILTER (WHERE kind = 'phone') AS phone,
               min(value) FILTER (WHERE kind = 'unionid') AS unionid,
               min(value) FILTER (WHERE kind = 'openid') AS openid,
               min(value) FILTER (WHERE kind = 'wecom_external_userid') AS wecom_external_userid,
               min(value) FILTER (WHERE kind = 'douyin_open_id') AS douyin_open_id,
               min(value) FILTER (WHERE kind = 'anonymous_id') AS anonymous_id
          FROM (SELECT DISTINCT ON (kind) kind, value
                  FROM identifier
                 WHERE identifier.workspace_id = person.workspace_id AND identifier.person_id = person.person_id
                 ORDER BY kind, first_seen_at, home_id) AS first_of_kind) AS known;
GRANT SELECT ON person_row TO fanwheel_app;

-- ---------------------------------------------------------------- what was done to many at once
CREATE TABLE bulk_action (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    action_id     integer GENERATED ALWAYS AS IDENTITY,
    what          text NOT NULL CHECK (what IN ('tag', 'untag', 'add_to_list', 'remove_from_list', 'set_trait')),
    args          jsonb NOT NULL,
    chosen        jsonb NOT NULL,                     -- how people were chosen, without what was searched for
    people        integer NOT NULL,
    reached       bigint NOT NULL DEFAULT 0,          -- homes up to here have been gone through, or taken back
    done          integer NOT NULL DEFAULT 0,         -- people gone through
    changed       integer NOT NULL DEFAULT 0,         -- people to whom it made a difference
    taken_back    integer NOT NULL DEFAULT 0,         -- people of whom all of it was taken back
    status        text NOT NULL CHECK (status IN ('running', 'done', 'failed', 'undoing', 'undone')),
    error         text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    text NOT NULL,
    undone_at     timestamptz,
    undone_by     text,
    PRIMARY KEY (workspace_id, action_id)
);
CREATE INDEX bulk_action_open ON bulk_action (workspace_id) WHERE status IN ('running', 'undoing');

-- One row per person chosen, by the name that the person had then. What was changed stands in it until it may no longer
-- be taken back.
CREATE TABLE bulk_action_home (
    workspace_id  integer NOT NULL,
    action_id     integer NOT NULL,
    home_id       bigint NOT NULL,
    state         text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'changed', 'same', 'back', 'kept')),
    undo          jsonb,                              -- see cdp/bulk/effects
    PRIMARY KEY (workspace_id, action_id, home_id)
);
CREATE INDEX bulk_action_home_home ON bulk_action_home (workspace_id, home_id);

-- Which workspaces have actions under way; it says nothing about them, so it may look across workspaces.
CREATE FUNCTION list_bulk_workspaces() RETURNS TABLE (workspace_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT action.workspace_id FROM bulk_action AS action WHERE status IN ('running', 'undoing') ORDER BY 1
$$;
REVOKE EXECUTE ON FUNCTION list_bulk_workspaces() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_bulk_workspaces() TO fanwheel_app;
