-- What an account of a channel keeps about single addresses, such as a browser's subscription to notifications.

SET LOCAL lock_timeout = '10s';

CREATE TABLE channel_note (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id    integer NOT NULL,
    of_kind       text NOT NULL,                       -- the identifier it is about
    of_value      text NOT NULL,
    sealed_text   bytea NOT NULL,
    kept_at       timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, account_id, of_kind, of_value)
);
CREATE INDEX channel_note_of ON channel_note (workspace_id, of_kind, of_value);
