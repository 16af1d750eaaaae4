-- Answers that go out by themselves: business hours, rules, what was learned from examples, lead forms, and menus.

SET LOCAL lock_timeout = '10s';

CREATE TABLE business_hours (                         -- no row: always open
    workspace_id  integer PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    weekly        jsonb NOT NULL,                     -- [{day: 1 Monday, opens: minute of the day, closes}, …]
    exceptions    jsonb NOT NULL DEFAULT '[]',        -- [{date, spans: [{opens, closes}]}, …]; no spans: closed
    updated_at    timestamptz NOT NULL DEFAULT now(),
    updated_by    text NOT NULL
);

-- ---------------------------------------------------------------- rules
CREATE TABLE auto_reply_book (                        -- one row for each workspace that has had rules or menus
    workspace_id  integer PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    revision      bigint NOT NULL DEFAULT 0,          -- of all that answers: workers compile anew when it has grown
    examples      text NOT NULL DEFAULT '',           -- print of the example sentences as they are saved
    settings      jsonb NOT NULL DEFAULT '{}'         -- when a conversation with another machine is braked
);

CREATE TABLE auto_reply (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    rule_id       integer GENERATED ALWAYS AS IDENTITY,
    name          text NOT NULL,
    is_on         boolean NOT NULL DEFAULT true,
    priority      integer NOT NULL,                   -- smaller numbers are asked first
    definition    jsonb NOT NULL,                     -- trigger, conditions, actions: see loop/operate/autoreply
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    text NOT NULL,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    updated_by    text NOT NULL,
    PRIMARY KEY (workspace_id, rule_id)
);
CREATE UNIQUE INDEX auto_reply_name ON auto_reply (workspace_id, lower(name));

CREATE TABLE auto_reply_model (                       -- what was learned from example sentences
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    model_id      integer GENERATED ALWAYS AS IDENTITY,
    examples      text NOT NULL,                      -- print of the sentences that it was learned from
    format        smallint NOT NULL,                  -- of what is in body: another one is learned anew
    body          bytea,                              -- null: nothing could be learned
    report        jsonb NOT NULL DEFAULT '{}',        -- how well it tells the examples apart
    error         text,
    learned_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, model_id)
);

CREATE TABLE auto_reply_state (                       -- where a conversation through one account stands
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id    integer NOT NULL,
    home_id       bigint NOT NULL,
    recent        jsonb NOT NULL DEFAULT '[]',        -- prints of what was said last, never the words
    brakes        smallint NOT NULL DEFAULT 0,        -- how often it was braked: each time for longer
    braked_until  timestamptz,
    form          jsonb,                              -- a lead form under way
    form_until    timestamptz,
    touched_at    timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, account_id, home_id)
);
CREATE INDEX auto_reply_state_home ON auto_reply_state (workspace_id, home_id);
CREATE INDEX auto_reply_state_touched ON auto_reply_state (workspace_id, touched_at);

CREATE TABLE auto_reply_firing (                      -- which rule answered whom
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    firing_id     bigint GENERATED ALWAYS AS IDENTITY,
    rule_id       integer NOT NULL,
    home_id       bigint NOT NULL,
    account_id    integer NOT NULL,
    key           text NOT NULL,                      -- of what was answered
    intent_id     bigint,
    fired_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, firing_id)
);
CREATE INDEX auto_reply_firing_home ON auto_reply_firing (workspace_id, home_id, rule_id, fired_at);
CREATE INDEX auto_reply_firing_rule ON auto_reply_firing (workspace_id, rule_id, fired_at);
CREATE INDEX auto_reply_firing_time ON auto_reply_firing (workspace_id, fired_at);

CREATE TABLE auto_reply_brake (                       -- conversations in which nothing answers by itself for a while
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    brake_id      bigint GENERATED ALWAYS AS IDENTITY,
    account_id    integer NOT NULL,
    home_id       bigint NOT NULL,
    reason        text NOT NULL CHECK (reason IN ('rate', 'same_text', 'pattern', 'mirror')),
    braked_at     timestamptz NOT NULL,
    until         timestamptz NOT NULL,
    released_at   timestamptz,
    released_by   text,
    PRIMARY KEY (workspace_id, brake_id)
);
CREATE INDEX auto_reply_brake_time ON auto_reply_brake (workspace_id, braked_at);
CREATE INDEX auto_reply_brake_home ON auto_reply_brake (workspace_id, home_id);

CREATE TABLE lead_form (                              -- a few questions asked in the chat
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    form_id       integer GENERATED ALWAYS AS IDENTITY,
    name          text NOT NULL,
    version       integer NOT NULL DEFAULT 1,         -- evidence of consent names it
    definition    jsonb NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    text NOT NULL,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    updated_by    text NOT NULL,
    deleted_at    timestamptz,
    PRIMARY KEY (workspace_id, form_id)
);

-- ---------------------------------------------------------------- menus
CREATE TABLE menu (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    menu_id       integer GENERATED ALWAYS AS IDENTITY,
    name          text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    text NOT NULL,
    deleted_at    timestamptz,                        -- it may still be shown somewhere
    PRIMARY KEY (workspace_id, menu_id)
);

CREATE TABLE menu_version (                           -- never changed
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    menu_id       integer NOT NULL,
    version       integer NOT NULL,
    definition    jsonb NOT NULL,
    made_at       timestamptz NOT NULL DEFAULT now(),
    made_by       text NOT NULL,
    note          text NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, menu_id, version),
    FOREIGN KEY (workspace_id, menu_id) REFERENCES menu ON DELETE CASCADE
);

CREATE TABLE menu_publication (                       -- what was put where; the newest of an account is shown there
    workspace_id    integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    publication_id  integer GENERATED ALWAYS AS IDENTITY,
    account_id      integer NOT NULL,
    menu_id         integer NOT NULL,
    version         integer NOT NULL,
    surface         text NOT NULL,
    body            jsonb NOT NULL,                   -- as the platform got it
    error           text,                             -- why the platform refused it; what was there stays
    published_at    timestamptz NOT NULL,
    published_by    text NOT NULL,
    PRIMARY KEY (workspace_id, publication_id)
);
CREATE INDEX menu_publication_account ON menu_publication (workspace_id, account_id, publication_id);

CREATE TABLE menu_tap (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    tap_id        bigint GENERATED ALWAYS AS IDENTITY,
    menu_id       integer NOT NULL,
    item          text NOT NULL,
    account_id    integer NOT NULL,
    home_id       bigint NOT NULL,
    tapped_at     timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, tap_id)
);
CREATE INDEX menu_tap_menu ON menu_tap (workspace_id, menu_id, tapped_at);
CREATE INDEX menu_tap_home ON menu_tap (workspace_id, home_id);

-- Which workspaces have example sentences to learn from. It says nothing about anybody, so it may look across them.
CREATE FUNCTION list_learning_work(p_format integer)
RETURNS TABLE (workspace_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT book.workspace_id
      FROM auto_reply_book AS book
     WHERE book.examples <> ''
       AND NOT EXISTS (SELECT FROM auto_reply_model AS model
                        WHERE model.workspace_id = book.workspace_id
                          AND model.examples = book.examples AND model.format = p_format)
     ORDER BY 1
$$;
REVOKE EXECUTE ON FUNCTION list_learning_work(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_learning_work(integer) TO fanwheel_app;
