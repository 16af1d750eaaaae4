-- What was counted of a broadcast: told again for a little while, and for good once its messages are let go of.

SET LOCAL lock_timeout = '10s';

-- Apart from broadcast, so that whoever looks never waits for the worker that holds that row, nor the worker for them.
CREATE TABLE broadcast_report (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    broadcast_id  bigint NOT NULL,
    figures       jsonb NOT NULL,                     -- see loop/operate/broadcasts/reporting_counting.py
    as_of         timestamptz NOT NULL,
    cost_ms       integer NOT NULL,                   -- how long counting took
    gone_at       timestamptz,                        -- what they rest on may be gone since; NULL: all of it is there
    PRIMARY KEY (workspace_id, broadcast_id),
    FOREIGN KEY (workspace_id, broadcast_id) REFERENCES broadcast ON DELETE CASCADE
);
