-- Scores: what the measurement says of persons, as traits.

SET LOCAL lock_timeout = '10s';

CREATE TABLE person_score (                           -- kept at the home that the person was named after when scored
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    home_id       bigint NOT NULL,
    scores        jsonb NOT NULL,                     -- name -> value
    scored_at     timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, home_id)
);

CREATE TABLE score_run (                              -- when everybody was last scored
    workspace_id   integer PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    scored_at      timestamptz,
    order_count    bigint NOT NULL DEFAULT 0,         -- paid orders there were
    claimed_until  timestamptz NOT NULL               -- a worker is at it until then at most
);
