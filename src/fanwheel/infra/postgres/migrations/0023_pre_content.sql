-- What is said: templates with versions that never change, the library of media, and links that are followed up.

SET LOCAL lock_timeout = '10s';

-- ---------------------------------------------------------------- the brand as it signs its messages
CREATE TABLE brand_profile (
    workspace_id   integer PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    profile        jsonb NOT NULL,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    updated_by     text NOT NULL
);

-- ---------------------------------------------------------------- templates
CREATE TABLE template (
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    template_id    bigint GENERATED ALWAYS AS IDENTITY,
    channel        text NOT NULL,
    name           text NOT NULL,
    folder         text NOT NULL DEFAULT '',
    labels         text[] NOT NULL DEFAULT '{}',
    draft          jsonb NOT NULL,
    revision       integer NOT NULL DEFAULT 1,        -- of the draft: who saves says which one was changed
    published_id   bigint,                            -- the version that is said from now on; no foreign key, as
                                                      -- tables that refer to each other could not be restored
    is_changed     boolean NOT NULL DEFAULT true,     -- the draft differs from it
    archived_at    timestamptz,
    created_at     timestamptz NOT NULL DEFAULT now(),
    created_by     text NOT NULL,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    updated_by     text NOT NULL,
    PRIMARY KEY (workspace_id, template_id)
);
CREATE UNIQUE INDEX template_name ON template (workspace_id, lower(name)) WHERE archived_at IS NULL;

CREATE TABLE template_version (
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    version_id     bigint GENERATED ALWAYS AS IDENTITY,
    template_id    bigint NOT NULL,
    number         integer NOT NULL,
    channel        text NOT NULL,
    content        jsonb NOT NULL,                    -- as it was written
    compiled       jsonb NOT NULL,                    -- as it is filled in
    note           text NOT NULL DEFAULT '',
    published_at   timestamptz NOT NULL DEFAULT now(),
    published_by   text NOT NULL,
    PRIMARY KEY (workspace_id, version_id),
    UNIQUE (workspace_id, template_id, number),
    FOREIGN KEY (workspace_id, template_id) REFERENCES template ON DELETE CASCADE
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published version never changes' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER template_version_stays BEFORE UPDATE ON template_version FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------- media
CREATE TABLE media_file (
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    media_id       bigint GENERATED ALWAYS AS IDENTITY,
    digest         text NOT NULL,                     -- SHA-256 of the content, in hex: its name on disk
    extension      text NOT NULL,
    content_type   text NOT NULL,
    kind           text NOT NULL CHECK (kind IN ('image', 'voice', 'video', 'file')),
    name           text NOT NULL,
    alt            text NOT NULL DEFAULT '',
    folder         text NOT NULL DEFAULT '',
    size_bytes     integer NOT NULL,
    width          integer,
    height         integer,
    created_at     timestamptz NOT NULL DEFAULT now(),
    created_by     text NOT NULL,
    PRIMARY KEY (workspace_id, media_id),
    UNIQUE (workspace_id, digest)
);

-- ---------------------------------------------------------------- links
CREATE TABLE link (
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    link_id        bigint GENERATED ALWAYS AS IDENTITY,
    code           text NOT NULL UNIQUE,
    url            text NOT NULL,
    digest         bytea NOT NULL,                    -- of the address: addresses are too long for an index
    version_id     bigint NOT NULL DEFAULT 0,         -- of the template in which it stands; 0: made by hand
    name           text NOT NULL DEFAULT '',
    has_utm        boolean NOT NULL DEFAULT true,
    utm            jsonb NOT NULL DEFAULT '{}',
    created_at     timestamptz NOT NULL DEFAULT now(),
    created_by     text NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, link_id),
    UNIQUE (workspace_id, version_id, digest)
);

CREATE TABLE link_recipient (                         -- one message with links in it: the second half of their codes
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    code           text NOT NULL,
    message_key    text NOT NULL,
    person_id      bigint NOT NULL,
    version_id     bigint NOT NULL,
    channel        text NOT NULL,
    account_id     bigint,
    step           text NOT NULL DEFAULT '',
    variant        text NOT NULL DEFAULT '',
    language       text NOT NULL DEFAULT '',
    made_at        timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, code)
);
CREATE UNIQUE INDEX link_recipient_code ON link_recipient (code);
CREATE UNIQUE INDEX link_recipient_message ON link_recipient (workspace_id, message_key);
CREATE INDEX link_recipient_step ON link_recipient (workspace_id, step);
CREATE INDEX link_recipient_person ON link_recipient (workspace_id, person_id);

CREATE TABLE link_visit (
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    visit_id       bigint GENERATED ALWAYS AS IDENTITY,
    kind           text NOT NULL CHECK (kind IN ('click', 'open', 'trap')),
    link_id        bigint,                            -- of a click
    recipient      text,                              -- code of the message; nothing: nobody in particular
    visited_at     timestamptz NOT NULL,
    machine        text NOT NULL DEFAULT '',          -- what gave a machine away; nothing: a human, as far as we know
    is_settled     boolean NOT NULL DEFAULT false,    -- it was decided, and told as a fact
    PRIMARY KEY (workspace_id, visit_id)
);
CREATE INDEX link_visit_open ON link_visit (workspace_id, visited_at) WHERE NOT is_settled;
CREATE INDEX link_visit_link ON link_visit (workspace_id, link_id, visited_at) WHERE link_id IS NOT NULL;
CREATE INDEX link_visit_recipient ON link_visit (workspace_id, recipient, visited_at) WHERE recipient IS NOT NULL;

-- Whose link a code is: who follows one has named no workspace.
CREATE FUNCTION find_link(asked text)
RETURNS TABLE (workspace_id integer, link_id bigint, url text, has_utm boolean, utm jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT link.workspace_id, link.link_id, link.url, link.has_utm, link.utm FROM link WHERE link.code = asked
$$;
REVOKE EXECUTE ON FUNCTION find_link(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_link(text) TO fanwheel_app;

CREATE FUNCTION find_link_recipient(asked text) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT recipient.workspace_id FROM link_recipient AS recipient WHERE recipient.code = asked
$$;
REVOKE EXECUTE ON FUNCTION find_link_recipient(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_link_recipient(text) TO fanwheel_app;

-- Which workspaces have visits to decide. It says nothing about anybody, so it may look across workspaces.
CREATE FUNCTION list_link_work()
RETURNS TABLE (workspace_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT visit.workspace_id FROM link_visit AS visit WHERE NOT visit.is_settled
$$;
REVOKE EXECUTE ON FUNCTION list_link_work() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_link_work() TO fanwheel_app;
