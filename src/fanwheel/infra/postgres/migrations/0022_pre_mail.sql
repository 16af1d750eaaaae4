-- Whom nobody may write to, who was asked to confirm, and how long things are kept.

SET LOCAL lock_timeout = '10s';

-- Tells whether addresses were hashed with the key that is in use: with another one nobody would be found suppressed.
CREATE TABLE address_key (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    fingerprint   bytea NOT NULL,
    PRIMARY KEY (workspace_id)
);

-- Addresses that are not written to. They outlive the person, so an address is kept as a keyed hash only.
CREATE TABLE suppression (
    workspace_id     integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    suppression_id   bigint GENERATED ALWAYS AS IDENTITY,
    address_hash     bytea NOT NULL,
    kind             text NOT NULL,                    -- the identifier's kind: email, phone …
    channel          text NOT NULL DEFAULT '',         -- '': every channel
    purpose          text NOT NULL DEFAULT '',         -- '': every purpose
    reason           text NOT NULL CHECK (reason IN ('bounce', 'complaint', 'unsubscribe', 'manual', 'import')),
    masked           text NOT NULL DEFAULT '',         -- a***@example.com; taken away when the person is erased
    note             text NOT NULL DEFAULT '',
    suppressed_at    timestamptz NOT NULL DEFAULT now(),
    suppressed_by    text NOT NULL,
    PRIMARY KEY (workspace_id, suppression_id),
    UNIQUE (workspace_id, address_hash, channel, purpose)
);

-- Mailboxes that were full or away: after so many in a row they are taken to be gone.
CREATE TABLE soft_bounce (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    address_hash  bytea NOT NULL,
    channel       text NOT NULL,
    bounces       smallint NOT NULL,
    first_at      timestamptz NOT NULL,
    last_at       timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, address_hash, channel)
);
CREATE INDEX soft_bounce_age ON soft_bounce (workspace_id, last_at);

-- Somebody asked for something and is to confirm it from the mailbox; each works once.
CREATE TABLE opt_in (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    opt_in_id     bigint GENERATED ALWAYS AS IDENTITY,
    token_hash    bytea NOT NULL,
    home_id       bigint NOT NULL,
    channel       text NOT NULL,
    purpose       text NOT NULL,
    evidence      jsonb NOT NULL,
    asked_at      timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    confirmed_at  timestamptz,
    PRIMARY KEY (workspace_id, opt_in_id),
    UNIQUE (workspace_id, token_hash)
);
CREATE INDEX opt_in_home ON opt_in (workspace_id, home_id);

-- How many days a kind of data is kept; a kind without a row is kept as long as the product says.
CREATE TABLE retention (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    kind          text NOT NULL,
    days          integer CHECK (days > 0),            -- NULL: for ever
    changed_at    timestamptz NOT NULL DEFAULT now(),
    changed_by    text NOT NULL,
    PRIMARY KEY (workspace_id, kind)
);

-- What is said on pages of ours is in the ledger at once; the event that tells of it comes later and finds it there.
CREATE INDEX consent_person ON consent (workspace_id, home_id, channel, purpose, decided_at DESC, consent_id DESC);
DROP INDEX consent_home;
