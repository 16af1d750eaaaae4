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
