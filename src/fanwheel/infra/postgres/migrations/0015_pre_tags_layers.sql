-- Tags with groups, expiry and history; layers of exclusive classes; rules that keep both.

SET LOCAL lock_timeout = '10s';

-- ---------------------------------------------------------------- tags
ALTER TABLE person_tag
    ADD COLUMN is_ruled   boolean NOT NULL DEFAULT false,  -- kept on by the tag's rule, at the person's own home
    ADD COLUMN origin     text NOT NULL DEFAULT 'user'
               CHECK (origin IN ('user', 'api', 'rule', 'import', 'channel', 'bulk')),
    ADD COLUMN reason     text NOT NULL DEFAULT '',
    ADD COLUMN expires_at timestamptz,
    ADD CONSTRAINT person_tag_ruled CHECK (is_ruled = (origin = 'rule')),
    DROP CONSTRAINT person_tag_pkey,
    ADD PRIMARY KEY (workspace_id, home_id, tag, is_ruled);
CREATE INDEX person_tag_tag ON person_tag (workspace_id, tag, home_id);
CREATE INDEX person_tag_due ON person_tag (workspace_id, expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE tag_log (                                -- who put tags on and took them off, and why
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    log_id        bigint GENERATED ALWAYS AS IDENTITY,
    home_id       bigint NOT NULL,
    tag           text NOT NULL,
    is_added      boolean NOT NULL,
    logged_at     timestamptz NOT NULL,
    logged_by     text NOT NULL,
    origin        text NOT NULL
                  CHECK (origin IN ('user', 'api', 'rule', 'import', 'channel', 'bulk', 'expiry', 'group', 'undo')),
    reason        text NOT NULL DEFAULT '',
    expires_at    timestamptz,
    PRIMARY KEY (workspace_id, log_id)
);
CREATE INDEX tag_log_home ON tag_log (workspace_id, home_id, log_id);

CREATE TABLE tag_group (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    group_id      integer GENERATED ALWAYS AS IDENTITY,
    name          text NOT NULL,
    is_exclusive  boolean NOT NULL DEFAULT false,     -- of its tags a person has one at a time
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    text NOT NULL,
    PRIMARY KEY (workspace_id, group_id)
);
CREATE UNIQUE INDEX tag_group_name ON tag_group (workspace_id, lower(name));

CREATE TABLE tag_definition (
    workspace_id     integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    tag              text NOT NULL,
    label            text NOT NULL DEFAULT '',        -- how it is shown; nothing: the tag itself
    description      text NOT NULL DEFAULT '',
    color            text NOT NULL DEFAULT '',
    group_id         integer,
    expires_after_s  bigint CHECK (expires_after_s > 0),
    segment_id       integer,                         -- the hidden segment of its rule
    keeps_after_exit boolean NOT NULL DEFAULT false,  -- stays on whom the rule holds no more of
    created_at       timestamptz NOT NULL DEFAULT now(),
    created_by       text NOT NULL,
    updated_at       timestamptz NOT NULL DEFAULT now(),
    updated_by       text NOT NULL,
    PRIMARY KEY (workspace_id, tag)
);
CREATE INDEX tag_definition_group ON tag_definition (workspace_id, group_id) WHERE group_id IS NOT NULL;

-- ---------------------------------------------------------------- layers
ALTER TABLE person ADD COLUMN layers jsonb NOT NULL DEFAULT '{}';  -- class by layer, of layers that users define

CREATE TABLE layer (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    layer_id      integer GENERATED ALWAYS AS IDENTITY,
    key           text NOT NULL,
    name          text NOT NULL,
    description   text NOT NULL DEFAULT '',
    may_fall      boolean NOT NULL DEFAULT true,      -- otherwise nobody leaves the highest class reached
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    text NOT NULL,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    updated_by    text NOT NULL,
    PRIMARY KEY (workspace_id, layer_id),
    UNIQUE (workspace_id, key)
);

CREATE TABLE layer_class (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    layer_id      integer NOT NULL,
    key           text NOT NULL,
    name          text NOT NULL,
    position      smallint NOT NULL,                  -- higher counts where several rules hold
    segment_id    integer NOT NULL,                   -- the hidden segment of its rule
    PRIMARY KEY (workspace_id, layer_id, key),
    FOREIGN KEY (workspace_id, layer_id) REFERENCES layer ON DELETE CASCADE
);

-- In which class a home is, kept at the person's own home as rules' tags are.
CREATE TABLE person_layer (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    home_id       bigint NOT NULL,
    layer_id      integer NOT NULL,
    class_key     text NOT NULL,
    since         timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, home_id, layer_id)
);
CREATE INDEX person_layer_layer ON person_layer (workspace_id, layer_id, home_id);

-- ---------------------------------------------------------------- rules of tags and layers
-- They are segments that nobody sees: the same machinery builds and keeps them.
ALTER TABLE segment
    ADD COLUMN purpose text NOT NULL DEFAULT 'segment' CHECK (purpose IN ('segment', 'tag', 'layer'));
DROP INDEX segment_name;
CREATE UNIQUE INDEX segment_name ON segment (workspace_id, lower(name)) WHERE purpose = 'segment';

CREATE TABLE carried_rule (                           -- how far tags and layers follow a hidden segment
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    segment_id    integer NOT NULL,
    carried_for   timestamptz,                        -- the building after which everybody was gone through
    carried_to    bigint NOT NULL DEFAULT 0,          -- until then: persons up to here
    PRIMARY KEY (workspace_id, segment_id)
);

CREATE TABLE carrying (                               -- one row for each workspace with such rules
    workspace_id  integer PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    followed_to   bigint NOT NULL                     -- the last entry or exit that was followed
);

-- Which workspaces have entries or exits for tags and layers to follow, and when the next tag expires. It says
-- nothing about anybody, so it may look across workspaces.
CREATE FUNCTION list_carrying_work()
RETURNS TABLE (workspace_id integer, is_behind boolean, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT place.workspace_id,
           coalesce((SELECT max(change_id) FROM segment_change AS change
                      WHERE change.workspace_id = place.workspace_id) > carrying.followed_to, false)
           OR EXISTS (SELECT FROM carried_rule AS carried
                        JOIN segment AS rule USING (workspace_id, segment_id)
                       WHERE carried.workspace_id = place.workspace_id
                         AND rule.built_at IS NOT NULL
                         AND rule.built_at IS DISTINCT FROM carried.carried_for),
           (SELECT min(given.expires_at) FROM person_tag AS given
             WHERE given.workspace_id = place.workspace_id AND given.expires_at IS NOT NULL)
      FROM workspace AS place
      LEFT JOIN carrying ON carrying.workspace_id = place.workspace_id
     ORDER BY place.workspace_id
$$;
REVOKE EXECUTE ON FUNCTION list_carrying_work() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_carrying_work() TO fanwheel_app;
