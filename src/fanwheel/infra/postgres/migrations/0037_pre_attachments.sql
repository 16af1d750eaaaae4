-- Files that came with an answer to one person are known as that person's, and leave with the person.

SET LOCAL lock_timeout = '10s';

ALTER TABLE media_file ADD COLUMN is_attachment boolean NOT NULL DEFAULT false;  -- added in the inbox, not to the library

CREATE TABLE media_recipient (                        -- to whom attachments went
    workspace_id  integer NOT NULL,
    media_id      bigint NOT NULL,
    home_id       bigint NOT NULL,
    PRIMARY KEY (workspace_id, media_id, home_id),
    FOREIGN KEY (workspace_id, media_id) REFERENCES media_file ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, home_id) REFERENCES identifier (workspace_id, home_id) ON DELETE CASCADE
);
CREATE INDEX media_recipient_home ON media_recipient (workspace_id, home_id);

-- Names of files that are still to leave the disk; the worker takes them off and clears the list.
ALTER TABLE erasure ADD COLUMN media text[] NOT NULL DEFAULT '{}';
