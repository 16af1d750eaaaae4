-- Verdicts: what they are held against, what they said on earlier days, and the truth about a made-up brand.

SET LOCAL lock_timeout = '10s';

-- Share of revenue that is profit before marketing; break-even is a return of 1 / margin.
ALTER TABLE workspace ADD COLUMN margin double precision NOT NULL DEFAULT 0.4 CHECK (margin > 0 AND margin <= 1);

CREATE TABLE verdict_day (                            -- what was said of each source's profit, once a day
    workspace_id    integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    day             date NOT NULL,                    -- the last day that was judged
    source_id       integer NOT NULL,
    state           text NOT NULL,                    -- wasted, working, unproven
    currency        text NOT NULL,                    -- the reporting currency of that day
    low_minor       bigint NOT NULL,
    estimate_minor  bigint NOT NULL,
    high_minor      bigint NOT NULL,
    PRIMARY KEY (workspace_id, day, source_id)
);

CREATE TABLE known_truth (                            -- made-up brands only: what each source truly causes
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    source_id      integer NOT NULL,
    day            date NOT NULL,                     -- UTC
    spend_minor    bigint NOT NULL,                   -- with nobody held out
    revenue_minor  bigint NOT NULL,
    PRIMARY KEY (workspace_id, source_id, day)
);
