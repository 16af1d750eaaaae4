-- Files that visitors send, and which conversations have which files: they go with the last conversation they are in.

SET LOCAL lock_timeout = '10s';

ALTER TABLE media_file
    ADD COLUMN is_received boolean NOT NULL DEFAULT false,       -- somebody sent it to us: it has no public address
    ADD COLUMN taken_at    timestamptz NOT NULL DEFAULT now(),   -- last: whoever took it in may be about to use it
    ADD COLUMN used_at     timestamptz;                          -- last, in a conversation

CREATE TABLE media_use (                                     -- what somebody sent us, and what we sent them
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    home_id        bigint NOT NULL,
    account_id     integer NOT NULL,                         -- with the home: the conversation, which may begin later
    media_id       bigint NOT NULL,
    used_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, home_id, account_id, media_id),
    FOREIGN KEY (workspace_id, home_id) REFERENCES identifier (workspace_id, home_id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, media_id) REFERENCES media_file ON DELETE CASCADE
);
CREATE INDEX media_use_media ON media_use (workspace_id, media_id);
CREATE INDEX media_use_account ON media_use (workspace_id, account_id, used_at);
CREATE INDEX media_file_place ON media_file (workspace_id, media_id) WHERE is_received OR is_attachment;
