-- Invites: every one that was accepted, and who owns the code of those that name nobody.

SET LOCAL lock_timeout = '10s';

-- Whose invite was taken up has shared, even where another is credited for the referee, so all of them are kept.
ALTER TABLE invite DROP CONSTRAINT invite_pkey;
ALTER TABLE invite ADD PRIMARY KEY (workspace_id, referee_home, referrer_home, code);
COMMENT ON COLUMN invite.referrer_home IS '0: named by the code only';
CREATE INDEX invite_code_only ON invite (workspace_id, code) WHERE referrer_home = 0;

CREATE TABLE invite_code (                            -- who sent invites with a code; the first of them owns it
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    code          text NOT NULL,
    home_id       bigint NOT NULL,
    sent_at       timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, code, home_id)
);
CREATE INDEX invite_code_home ON invite_code (workspace_id, home_id);
CREATE INDEX invite_code_first ON invite_code (workspace_id, code, sent_at, home_id);
