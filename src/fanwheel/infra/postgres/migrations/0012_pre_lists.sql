-- Lists: people gathered by hand, from a file, or as a snapshot of a segment.

SET LOCAL lock_timeout = '10s';

-- Who is on it stands in person_list.
CREATE TABLE list (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    list_id       integer GENERATED ALWAYS AS IDENTITY,
    name          text NOT NULL,
    description   text NOT NULL DEFAULT '',
    origin        text NOT NULL DEFAULT 'manual' CHECK (origin IN ('manual', 'snapshot')),
    segment_id    integer,                            -- a snapshot's segment, which may be gone since
    schedule_id   integer,                            -- what took the snapshot, if it was not a person
    size          integer NOT NULL DEFAULT 0,         -- people on it when it last changed
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    text NOT NULL,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, list_id),
    UNIQUE (workspace_id, name)
);

CREATE TABLE list_upload (                            -- a file whose rows were matched with people
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    upload_id      integer GENERATED ALWAYS AS IDENTITY,
    list_id        integer NOT NULL,
    file_name      text NOT NULL,
    uploaded_at    timestamptz NOT NULL DEFAULT now(),
    uploaded_by    text NOT NULL,
    row_count      integer NOT NULL,
    matched        integer NOT NULL,
    added          integer NOT NULL,                  -- people who were not on the list before
    unmatched      integer NOT NULL,
    report         text,                              -- the unmatched rows as CSV; NULL once it has been taken away
    PRIMARY KEY (workspace_id, upload_id)
);
CREATE INDEX list_upload_list ON list_upload (workspace_id, list_id, upload_id DESC);

CREATE TABLE segment_schedule (                       -- snapshots to be taken again and again
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    schedule_id   integer GENERATED ALWAYS AS IDENTITY,
    segment_id    integer NOT NULL,
    every         text NOT NULL CHECK (every IN ('day', 'week')),
    weekday       smallint NOT NULL DEFAULT 1 CHECK (weekday BETWEEN 1 AND 7),   -- ISO: 1 Monday; of every week
    hour          smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),               -- in the workspace's time zone
    keep          smallint NOT NULL CHECK (keep BETWEEN 1 AND 366),              -- older snapshots of it are deleted
    next_at       timestamptz NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    text NOT NULL,
    last_run_at   timestamptz,
    error         text,                               -- why the last one failed
    PRIMARY KEY (workspace_id, schedule_id)
);
CREATE INDEX segment_schedule_due ON segment_schedule (workspace_id, next_at);

-- Whether a person is on a list, and among those whose bits are set: bit n stands for the person p_low + n. What is
-- NULL is not asked. The planner takes it apart.
CREATE FUNCTION person_among(p_person person, p_list integer, p_bits bytea, p_low bigint, p_high bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (p_list IS NULL OR p_list = ANY (p_person.list_ids))
       AND (p_bits IS NULL
            OR CASE WHEN p_person.person_id BETWEEN p_low AND p_high
                    THEN get_bit(p_bits, p_person.person_id - p_low) = 1
                    ELSE false END)
$$;

-- ---------------------------------------------------------------- webhooks: facts told to other programs
CREATE TABLE webhook (
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    webhook_id     integer GENERATED ALWAYS AS IDENTITY,
    url            text NOT NULL,
    description    text NOT NULL DEFAULT '',
    topics         text[] NOT NULL,                    -- such as segment.entered
    segment_ids    integer[] NOT NULL DEFAULT '{}',    -- only these; none: all
    sealed_secret  bytea NOT NULL,                     -- see infra/webhooks/sealing.py
    is_active      boolean NOT NULL DEFAULT true,
    error          text,                               -- why it was switched off
    told_to        bigint NOT NULL DEFAULT 0,          -- the last fact that was made a message of
    created_at     timestamptz NOT NULL DEFAULT now(),
    created_by     text NOT NULL,
    PRIMARY KEY (workspace_id, webhook_id)
);

CREATE TABLE webhook_message (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    message_id    bigint GENERATED ALWAYS AS IDENTITY,
    webhook_id    integer NOT NULL,
    topic         text NOT NULL,
    body          text NOT NULL,
    state         text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
    created_at    timestamptz NOT NULL DEFAULT now(),
    next_at       timestamptz NOT NULL DEFAULT now(),  -- of the next attempt; while one is under way, when it is over
    attempts      integer NOT NULL DEFAULT 0,
    tried_at      timestamptz,
    status        integer,                             -- of the last answer
    error         text,                                -- what was wrong with the last attempt
    PRIMARY KEY (workspace_id, message_id)
);
CREATE INDEX webhook_message_due ON webhook_message (workspace_id, next_at) WHERE state = 'waiting';
CREATE INDEX webhook_message_log ON webhook_message (workspace_id, webhook_id, message_id DESC);

-- Which workspaces have webhooks; it says nothing about them, so it may look across workspaces.
CREATE FUNCTION list_webhook_workspaces() RETURNS TABLE (workspace_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT webhook.workspace_id FROM webhook WHERE is_active ORDER BY 1
$$;
REVOKE EXECUTE ON FUNCTION list_webhook_workspaces() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_webhook_workspaces() TO fanwheel_app;
