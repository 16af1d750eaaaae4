-- Experiments: the people of a segment, dealt at random into those who are treated and those who are not.

SET LOCAL lock_timeout = '10s';

CREATE TABLE experiment (
    workspace_id     integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    experiment_id    integer GENERATED ALWAYS AS IDENTITY,
    name             text NOT NULL,
    hypothesis       text NOT NULL DEFAULT '',
    segment_id       integer NOT NULL,                -- whose people they were; it may be gone since
    segment_name     text NOT NULL,
    salt             text NOT NULL,                   -- of the dealing
    treated_share    double precision NOT NULL CHECK (treated_share > 0 AND treated_share < 1),
    outcome          text NOT NULL CHECK (outcome IN ('revenue', 'orders', 'buyers')),
    days             integer NOT NULL CHECK (days BETWEEN 1 AND 365),         -- for which it is planned
    days_before      integer NOT NULL CHECK (days_before BETWEEN 0 AND 365),  -- compared with, to narrow the interval
    people           integer NOT NULL,                -- dealt, both arms
    treated_list_id  integer NOT NULL,
    control_list_id  integer NOT NULL,
    started_at       timestamptz NOT NULL,
    ended_at         timestamptz,                     -- ended by hand, before its planned end
    created_by       text NOT NULL,
    PRIMARY KEY (workspace_id, experiment_id)
);
CREATE UNIQUE INDEX experiment_name ON experiment (workspace_id, lower(name));

-- Who was dealt into which arm stays as it was dealt, whatever becomes of the lists.
CREATE TABLE experiment_person (
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    experiment_id  integer NOT NULL,
    home_id        bigint NOT NULL,
    is_treated     boolean NOT NULL,
    PRIMARY KEY (workspace_id, experiment_id, home_id)
);
