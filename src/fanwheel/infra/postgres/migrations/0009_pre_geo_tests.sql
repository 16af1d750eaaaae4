-- Geo tests: a source, or one campaign of it, switched off in some regions, to see what it causes there.

SET LOCAL lock_timeout = '10s';

CREATE TABLE geo_test (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    geo_test_id   integer GENERATED ALWAYS AS IDENTITY,
    source_id     integer NOT NULL,
    campaign      text,                               -- NULL: the whole source
    trait         text NOT NULL DEFAULT 'region',     -- of a person: where they live
    regions       text[] NOT NULL CHECK (cardinality(regions) > 0),   -- in which it was off
    before_on     date NOT NULL,                      -- since when regions are compared, before anything was switched
    started_on    date NOT NULL CHECK (started_on >= before_on),
    ended_on      date CHECK (ended_on >= started_on),   -- the last day; NULL while it runs
    note          text NOT NULL DEFAULT '',
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    text NOT NULL,
    PRIMARY KEY (workspace_id, geo_test_id),
    FOREIGN KEY (workspace_id, source_id) REFERENCES source
);
