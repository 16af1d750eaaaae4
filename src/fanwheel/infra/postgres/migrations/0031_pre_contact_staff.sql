-- Which members of staff a person has added, where a platform has people follow persons of ours instead of an account:
-- who removes one of several has not left.

SET LOCAL lock_timeout = '10s';

CREATE TABLE contact_staff (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id    integer NOT NULL,
    address_hash  uuid NOT NULL,                       -- identifier.identifier_hash
    staff         text NOT NULL,
    since         timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, account_id, address_hash, staff)
);
CREATE INDEX contact_staff_of ON contact_staff (workspace_id, address_hash);
