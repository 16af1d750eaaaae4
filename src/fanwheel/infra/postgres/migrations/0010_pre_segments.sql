-- Segments: rules, what they remember of events, who is in, and every entry and exit.

SET LOCAL lock_timeout = '10s';

-- ---------------------------------------------------------------- what rules ask of persons
ALTER TABLE person
    ADD COLUMN channels    text[] NOT NULL DEFAULT '{}',    -- where the person may be reached for marketing
    ADD COLUMN is_inviter  boolean NOT NULL DEFAULT false,  -- has brought somebody
    ADD COLUMN is_invitee  boolean NOT NULL DEFAULT false,  -- was brought by somebody
    ADD COLUMN list_ids    integer[] NOT NULL DEFAULT '{}'; -- lists that the person is on

-- Who is on a list stays with the home at which it was said, so an unmerge gives it back.
CREATE TABLE person_list (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    home_id       bigint NOT NULL,
    list_id       integer NOT NULL,
    listed_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, home_id, list_id)
);
CREATE INDEX person_list_list ON person_list (workspace_id, list_id, home_id);

-- The new columns are for the fold to fill.
INSERT INTO person_stale (workspace_id, person_id)
SELECT workspace_id, person_id FROM person WHERE is_fan
UNION
SELECT workspace_id, referee_home FROM invite
UNION
SELECT invite.workspace_id, invite.referrer_home FROM invite WHERE invite.referrer_home <> 0
UNION
SELECT workspace_id, home_id FROM invite_code;

-- ---------------------------------------------------------------- rules
CREATE TABLE segment (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    segment_id    integer GENERATED ALWAYS AS IDENTITY,
    name          text NOT NULL,
    description   text NOT NULL DEFAULT '',
    rule          jsonb NOT NULL,                     -- as it was saved last
    version       integer NOT NULL DEFAULT 1,         -- of the rule
    status        text NOT NULL DEFAULT 'building' CHECK (status IN ('draft', 'building', 'live', 'paused', 'failed')),
    live_rule     jsonb,                              -- what memberships follow; another than rule while that is built
    built_to      bigint NOT NULL DEFAULT 0,          -- building: persons up to here follow rule, others live_rule
    built_at      timestamptz,                        -- when everybody followed rule
    error         text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    text NOT NULL DEFAULT 'system',
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, segment_id)
);
CREATE UNIQUE INDEX segment_name ON segment (workspace_id, lower(name));

CREATE TABLE segment_book (                           -- one row for each workspace that has had segments
    workspace_id  integer PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    revision      bigint NOT NULL DEFAULT 0,          -- of the rules, metrics and states of all segments
    judged_at     timestamptz NOT NULL DEFAULT '-infinity', -- the latest instant for which anybody was judged
    time_zone     text NOT NULL DEFAULT 'UTC',        -- the workspace's, when anybody was judged last
    is_building   boolean NOT NULL DEFAULT false      -- segments are worked out anew: who is judged meanwhile is written down
);

CREATE TABLE segment_metric (                         -- what is remembered of events
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    metric_id     integer GENERATED ALWAYS AS IDENTITY,
    key           uuid NOT NULL,                      -- 128 bits of spec
    spec          jsonb NOT NULL,
    ready_at      timestamptz,                        -- when everything before it had been remembered as well
    PRIMARY KEY (workspace_id, metric_id),
    UNIQUE (workspace_id, key)
);

-- ---------------------------------------------------------------- persons
-- The tables below are written for a workspace in hand, under the fence; asking for it at each row would cost a
-- good part of the write.
CREATE TABLE segment_part (                           -- what the events of one home mean for metrics
    workspace_id  integer NOT NULL,
    home_id       bigint NOT NULL,
    digest        bytea NOT NULL,                     -- see cdp/segments/digest.py
    PRIMARY KEY (workspace_id, home_id)
);
ALTER TABLE segment_part ALTER COLUMN digest SET STORAGE EXTERNAL;  -- numbers close to random do not compress

CREATE TABLE segment_person (                         -- one row per person who was judged
    workspace_id  integer NOT NULL,
    person_id     bigint NOT NULL,
    members       integer[] NOT NULL DEFAULT '{}',    -- segments that the person is in
    seen          bytea NOT NULL DEFAULT '',          -- prints of what was known when the person was judged
    due_at        timestamptz,                        -- when time alone may change something next
    judged_at     timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, person_id)
);
CREATE INDEX segment_person_due ON segment_person (workspace_id, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE segment_bitmap (                         -- who is in, for questions about many
    workspace_id  integer NOT NULL,
    segment_id    integer NOT NULL,
    chunk         integer NOT NULL,                   -- person_id / 65536
    size          integer NOT NULL,
    members       bytea NOT NULL,                     -- a roaring bitmap of person_id % 65536
    PRIMARY KEY (workspace_id, segment_id, chunk)
);
ALTER TABLE segment_bitmap ALTER COLUMN members SET STORAGE EXTERNAL;

CREATE TABLE segment_change (                         -- entries and exits: facts, in the order of their ids
    workspace_id  integer NOT NULL,
    change_id     bigint GENERATED ALWAYS AS IDENTITY,
    segment_id    integer NOT NULL,
    person_id     bigint NOT NULL,                    -- 0: somebody who was erased
    is_entry      boolean NOT NULL,
    changed_at    timestamptz NOT NULL,
    cause         text NOT NULL CHECK (cause IN ('change', 'time', 'rule', 'merge', 'erasure')),
    PRIMARY KEY (workspace_id, change_id)
);
CREATE INDEX segment_change_segment ON segment_change (workspace_id, segment_id, changed_at);
CREATE INDEX segment_change_person ON segment_change (workspace_id, person_id);

CREATE TABLE segment_recheck (                        -- judged while segments were worked out anew
    workspace_id  integer NOT NULL,
    person_id     bigint NOT NULL,
    PRIMARY KEY (workspace_id, person_id)
);

CREATE TABLE segment_note (                           -- persons to be judged; no key to wait for, as in person_stale
    workspace_id  integer NOT NULL,
    note_id       bigint GENERATED ALWAYS AS IDENTITY,
    person_id     bigint NOT NULL,
    PRIMARY KEY (workspace_id, note_id)
);

-- Which workspaces have persons to be judged, or segments to be built, and when time alone will ask next. It says
-- nothing about anybody, so it may look across workspaces.
CREATE FUNCTION list_segment_work()
RETURNS TABLE (workspace_id integer, is_noted boolean, is_building boolean, due_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT book.workspace_id,
           EXISTS (SELECT FROM segment_note AS note WHERE note.workspace_id = book.workspace_id),
           EXISTS (SELECT FROM segment AS s WHERE s.workspace_id = book.workspace_id AND s.status = 'building'),
           (SELECT min(person.due_at) FROM segment_person AS person
             WHERE person.workspace_id = book.workspace_id AND person.due_at IS NOT NULL)
      FROM segment_book AS book
     ORDER BY book.workspace_id
$$;
