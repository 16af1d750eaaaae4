-- Ground: workspaces, access, events, persons, orders, sources, spend.
-- Every table carries workspace_id first in its key and is fenced by row-level security
-- (the fence itself is put up by rls.sql after every migration), but for the tables of
-- the installation, which are named in rls.sql with the reason.

-- ---------------------------------------------------------------- installation
CREATE TABLE installation (
    singleton     boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    installed_at  timestamptz NOT NULL DEFAULT now(),
    lake_epoch    uuid NOT NULL DEFAULT gen_random_uuid(),
    lake_system   bigint                       -- system_identifier of the cluster that the watermark belongs to
);
INSERT INTO installation DEFAULT VALUES;

CREATE TABLE workspace (
    workspace_id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug                text NOT NULL UNIQUE,
    name                text NOT NULL,
    time_zone           text NOT NULL DEFAULT 'UTC',
    default_region      text NOT NULL DEFAULT 'US',   -- ISO 3166-1 alpha-2, for phones without a country code
    reporting_currency  text NOT NULL DEFAULT 'USD',  -- ISO 4217
    is_demo             boolean NOT NULL DEFAULT false,
    created_at          timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE login (                                  -- a user: who logs in
    user_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email          text NOT NULL UNIQUE,              -- trimmed, lower case
    name           text NOT NULL,
    password_hash  text,                              -- Argon2id; NULL until an invitation is taken up
    locale         text NOT NULL DEFAULT 'en',
    created_at     timestamptz NOT NULL DEFAULT now(),
    disabled_at    timestamptz,
    last_workspace_id  integer REFERENCES workspace ON DELETE SET NULL  -- where the next session begins
);

CREATE TABLE login_session (
    token_hash    bytea PRIMARY KEY,                  -- sha256 of the cookie
    user_id       bigint NOT NULL REFERENCES login ON DELETE CASCADE,
    workspace_id  integer REFERENCES workspace ON DELETE SET NULL,
    csrf_token    text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    user_agent    text
);
CREATE INDEX login_session_user ON login_session (user_id);

CREATE TABLE login_attempt (
    attempt_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject_hash  bytea NOT NULL,                     -- sha256 of the e-mail, or of the address
    attempted_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX login_attempt_subject ON login_attempt (subject_hash, attempted_at);

CREATE TABLE one_time_link (                          -- first set-up, invitations, password resets
    token_hash    bytea PRIMARY KEY,
    purpose       text NOT NULL CHECK (purpose IN ('setup', 'invite', 'reset')),
    user_id       bigint REFERENCES login ON DELETE CASCADE,
    workspace_id  integer REFERENCES workspace ON DELETE CASCADE,  -- of an invitation
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    used_at       timestamptz
);

-- ---------------------------------------------------------------- access, per workspace
CREATE TABLE membership (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    user_id       bigint NOT NULL REFERENCES login ON DELETE CASCADE,
    role          text NOT NULL CHECK (role IN ('owner', 'operator', 'agent', 'analyst', 'viewer')),
    created_at    timestamptz NOT NULL DEFAULT now(),
    invited_name  text NOT NULL DEFAULT '',           -- what the inviter typed; the user's own name shows once accepted
    accepted_at   timestamptz DEFAULT now(),          -- NULL: invited, opens no door yet
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX membership_user ON membership (user_id);

CREATE TABLE api_key (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    api_key_id    bigint GENERATED ALWAYS AS IDENTITY,
    kind          text NOT NULL CHECK (kind IN ('write', 'server')),
    name          text NOT NULL,
    prefix        text NOT NULL,                      -- the first characters, to tell keys apart
    secret_hash   bytea NOT NULL UNIQUE,              -- sha256; keys are 160 random bits, so no slow hash is needed
    role          text NOT NULL DEFAULT 'operator',   -- what a server key may do
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    bigint,
    last_used_at  timestamptz,
    revoked_at    timestamptz,
    PRIMARY KEY (workspace_id, api_key_id)
);

CREATE TABLE audit (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    audit_id      bigint GENERATED ALWAYS AS IDENTITY,
    audited_at    timestamptz NOT NULL DEFAULT now(),
    actor         text NOT NULL,                      -- user:<id>, key:<id>, cli, system
    action        text NOT NULL,                      -- noun.verb
    target        text,
    detail        jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (workspace_id, audit_id)
);

-- Answers to creating requests, kept for a day so that a retry gets the same one. Some
-- hold a secret that is shown once, so the body is sealed with the caller's credential.
CREATE TABLE idempotency (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    actor         text NOT NULL,
    key_hash      bytea NOT NULL,                     -- sha256 of the Idempotency-Key
    request_hash  bytea NOT NULL,                     -- sha256 of method, path and body
    permission    text,                               -- what the route asked for; asked again on a replay
    started_at    timestamptz NOT NULL DEFAULT now(),
    status        smallint,                           -- NULL while the first request runs
    content_type  text,
    sealed_body   bytea,
    PRIMARY KEY (workspace_id, actor, key_hash)
);
CREATE INDEX idempotency_age ON idempotency (workspace_id, started_at);

-- ---------------------------------------------------------------- sources
CREATE TABLE source (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    source_id     integer GENERATED ALWAYS AS IDENTITY,
    slug          text NOT NULL,
    name          text NOT NULL,
    domain        text NOT NULL CHECK (domain IN ('public', 'commercial', 'private', 'unknown')),
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, source_id),
    UNIQUE (workspace_id, slug)
);

CREATE TABLE source_rule (                            -- first match by position wins
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    rule_id       integer GENERATED ALWAYS AS IDENTITY,
    position      integer NOT NULL,
    conditions    jsonb NOT NULL,                     -- see cdp/sources/contracts.py
    source_slug   text NOT NULL,                      -- may hold {utm_source} and such
    domain        text NOT NULL CHECK (domain IN ('public', 'commercial', 'private', 'unknown')),
    is_builtin    boolean NOT NULL DEFAULT false,
    PRIMARY KEY (workspace_id, rule_id)
);

CREATE TABLE spend (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    source_id     integer NOT NULL,
    spent_on      date NOT NULL,
    campaign      text NOT NULL DEFAULT '',
    currency      text NOT NULL,
    amount_minor  bigint NOT NULL,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, source_id, spent_on, campaign, currency),
    FOREIGN KEY (workspace_id, source_id) REFERENCES source
);

CREATE TABLE currency_rate (                          -- 1 unit of currency = rate units of the reporting currency
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    currency      text NOT NULL,
    valid_from    date NOT NULL,
    rate          numeric NOT NULL CHECK (rate > 0),
    PRIMARY KEY (workspace_id, currency, valid_from)
);

-- ---------------------------------------------------------------- events
-- person_id is the *home* of the event's own identifier and never changes. Readers go
-- through identifier (home_id -> person_id), which is the override map.
CREATE TABLE event (
    workspace_id  integer NOT NULL,
    event_id      uuid NOT NULL,                      -- UUIDv7
    message_key   uuid NOT NULL,                      -- the client's message id, or its 128-bit hash
    person_id     bigint NOT NULL,                    -- identifier.home_id
    kind          smallint NOT NULL,                  -- 1 track 2 identify 3 page 4 screen 5 group 6 alias
    name          text NOT NULL,                      -- event name; page or screen name; '' otherwise
    occurred_at   timestamptz NOT NULL,               -- client time corrected by receivedAt - sentAt
    received_at   timestamptz NOT NULL,
    source_id     integer NOT NULL DEFAULT 0,         -- 0: no evidence of where this came from
    domain        smallint NOT NULL DEFAULT 0,        -- 0 unknown 1 public 2 commercial 3 private
    properties    text NOT NULL,                      -- JSON object: properties, or traits of identify and group
    context       text NOT NULL,                      -- JSON object
    tx            bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint
) PARTITION BY RANGE (received_at);
-- Partitions event_YYYYMM are made by ensure_event_partitions(), each with
-- UNIQUE (workspace_id, message_key) and BRIN (tx).

CREATE TABLE event_rejected (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    rejected_id   bigint GENERATED ALWAYS AS IDENTITY,
    received_at   timestamptz NOT NULL DEFAULT now(),
    api_key_id    bigint NOT NULL,
    code          text NOT NULL,
    message       text NOT NULL,
    payload       text NOT NULL,                      -- the event as it came, cut at 64 kB
    replayed_at   timestamptz,
    PRIMARY KEY (workspace_id, rejected_id)
);

CREATE TABLE ingest_stat (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    api_key_id    bigint NOT NULL,
    minute        timestamptz NOT NULL,
    accepted      bigint NOT NULL DEFAULT 0,
    rejected      bigint NOT NULL DEFAULT 0,
    duplicate     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, api_key_id, minute)
);

CREATE TABLE consumer (                               -- who has read the event stream how far
    consumer_name  text PRIMARY KEY,
    next_tx        bigint NOT NULL DEFAULT 0,         -- rows with tx >= next_tx are still to be read
    updated_at     timestamptz NOT NULL DEFAULT now()
);

-- ---------------------------------------------------------------- persons
CREATE SEQUENCE person_home_id AS bigint;

CREATE TABLE identifier (
    workspace_id     integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    identifier_hash  uuid NOT NULL,                   -- 128 bits of blake2b(kind, normalized value)
    kind             text NOT NULL,
    value            text NOT NULL,                   -- normalized
    home_id          bigint NOT NULL,                 -- stamped on this identifier's events, for ever
    person_id        bigint NOT NULL,                 -- the person it belongs to now: the smallest home_id of its group
    first_seen_at    timestamptz NOT NULL,
    -- An openid is kept as appid:openid and looked for without its app as well.
    bare_openid      text GENERATED ALWAYS AS (CASE kind WHEN 'openid' THEN split_part(value, ':', 2) END) STORED,
    PRIMARY KEY (workspace_id, identifier_hash),
    UNIQUE (workspace_id, home_id)
);
CREATE INDEX identifier_person ON identifier (workspace_id, person_id);
CREATE INDEX identifier_value ON identifier (workspace_id, value text_pattern_ops);
-- A column, because the fence keeps the planner from indexes on expressions.
CREATE INDEX identifier_openid ON identifier (workspace_id, bare_openid) WHERE bare_openid IS NOT NULL;

CREATE TABLE identity_edge (
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    low_id         bigint NOT NULL,                   -- home ids, low < high
    high_id        bigint NOT NULL,
    origin         text NOT NULL CHECK (origin IN ('event', 'alias', 'manual')),
    is_manual      boolean GENERATED ALWAYS AS (origin = 'manual') STORED,
    is_cut         boolean NOT NULL DEFAULT false,    -- an unmerge: seen again, it stays cut
    first_seen_at  timestamptz NOT NULL DEFAULT now(),
    -- What a human declared stands beside the evidence, so taking it back leaves the evidence as it was.
    PRIMARY KEY (workspace_id, low_id, high_id, is_manual),
    CHECK (low_id < high_id)
);
CREATE INDEX identity_edge_high ON identity_edge (workspace_id, high_id);
CREATE INDEX identity_edge_manual_low ON identity_edge (workspace_id, low_id) WHERE is_manual;
CREATE INDEX identity_edge_manual_high ON identity_edge (workspace_id, high_id) WHERE is_manual;

CREATE TABLE identity_audit (
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    audit_id       bigint GENERATED ALWAYS AS IDENTITY,
    audited_at     timestamptz NOT NULL DEFAULT now(),
    actor          text NOT NULL,
    action         text NOT NULL CHECK (action IN ('merge', 'unmerge', 'refused', 'erase')),
    person_id      bigint NOT NULL,                   -- the person that remained
    other_ids      bigint[] NOT NULL,                 -- those that joined it or left it
    reason         text NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, audit_id)
);
CREATE INDEX identity_audit_person ON identity_audit (workspace_id, person_id);
CREATE INDEX identity_audit_others ON identity_audit USING gin (other_ids);

-- What the events of one home say. Folded over a person's homes it gives the portrait,
-- so a merge or an unmerge never has to read events again.
CREATE TABLE person_part (
    workspace_id      integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    home_id           bigint NOT NULL,
    first_seen_at     timestamptz,
    last_seen_at      timestamptz,
    event_count       bigint NOT NULL DEFAULT 0,
    traits            jsonb NOT NULL DEFAULT '{}',    -- name -> [value, occurred_at in epoch microseconds]
    first_touch       jsonb,                          -- {at, source_id, domain, campaign}; at in epoch microseconds
    last_touch        jsonb,
    introduced_at     timestamptz,
    operated_at       timestamptz,                    -- first two-way contact in the private domain
    shared_at         timestamptz,                    -- first share or invite
    fan_channels      jsonb NOT NULL DEFAULT '{}',    -- channel -> [granted, at in epoch microseconds]
    PRIMARY KEY (workspace_id, home_id)
);

CREATE TABLE person_click (                           -- every click id a person came with
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    home_id       bigint NOT NULL,
    kind          text NOT NULL,
    value         text NOT NULL,
    clicked_at    timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, home_id, kind, value)
);

-- One row per living person: the fold of its parts and orders.
CREATE TABLE person (
    workspace_id     integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    person_id        bigint NOT NULL,
    display_name     text NOT NULL DEFAULT '',
    first_seen_at    timestamptz NOT NULL,
    last_seen_at     timestamptz NOT NULL,
    event_count      bigint NOT NULL DEFAULT 0,
    traits           jsonb NOT NULL DEFAULT '{}',     -- name -> value
    tags             text[] NOT NULL DEFAULT '{}',
    stage            smallint NOT NULL DEFAULT 1,     -- 1 introduce 2 operate 3 convert 4 share 5 repurchase: the furthest reached
    introduced_at    timestamptz NOT NULL,
    operated_at      timestamptz,
    converted_at     timestamptz,
    shared_at        timestamptz,
    repurchased_at   timestamptz,
    is_fan           boolean NOT NULL DEFAULT false,
    order_count      integer NOT NULL DEFAULT 0,
    revenue_minor    bigint NOT NULL DEFAULT 0,       -- net of refunds, reporting currency
    first_source_id  integer NOT NULL DEFAULT 0,
    first_domain     smallint NOT NULL DEFAULT 0,
    first_touch_at   timestamptz,
    last_source_id   integer NOT NULL DEFAULT 0,
    last_domain      smallint NOT NULL DEFAULT 0,
    last_touch_at    timestamptz,
    PRIMARY KEY (workspace_id, person_id)
);
CREATE INDEX person_recent ON person (workspace_id, last_seen_at DESC, person_id DESC);
CREATE INDEX person_value ON person (workspace_id, revenue_minor DESC, person_id DESC);

-- Persons whose identifiers have changed since they were folded. No key: ingest must never wait for the
-- projector, which takes the rows away.
CREATE TABLE person_stale (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    stale_id      bigint GENERATED ALWAYS AS IDENTITY,
    person_id     bigint NOT NULL,
    PRIMARY KEY (workspace_id, stale_id)
);

-- Tags stay with the home at which they were given, so an unmerge gives them back.
CREATE TABLE person_tag (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    home_id       bigint NOT NULL,
    tag           text NOT NULL,
    tagged_at     timestamptz NOT NULL DEFAULT now(),
    tagged_by     text NOT NULL,
    PRIMARY KEY (workspace_id, home_id, tag)
);

-- Consent is an append-only ledger; the state now is the newest row.
CREATE TABLE consent (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    consent_id    bigint GENERATED ALWAYS AS IDENTITY,
    home_id       bigint NOT NULL,
    channel       text NOT NULL,
    purpose       text NOT NULL DEFAULT 'marketing',
    is_granted    boolean NOT NULL,
    decided_at    timestamptz NOT NULL,
    evidence      jsonb NOT NULL DEFAULT '{}',
    event_id      uuid,
    PRIMARY KEY (workspace_id, consent_id),
    UNIQUE (workspace_id, event_id, channel, purpose)
);
CREATE INDEX consent_home ON consent (workspace_id, home_id);

CREATE TABLE erasure (
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    erasure_id     bigint GENERATED ALWAYS AS IDENTITY,
    home_ids       bigint[] NOT NULL,
    requested_at   timestamptz NOT NULL DEFAULT now(),
    requested_by   text NOT NULL,
    lake_done_at   timestamptz,
    PRIMARY KEY (workspace_id, erasure_id)
);

-- ---------------------------------------------------------------- orders
CREATE TABLE shop_order (
    workspace_id    integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    order_id        text NOT NULL,
    home_id         bigint NOT NULL,
    status          text NOT NULL CHECK (status IN ('pending', 'paid', 'cancelled')),
    placed_at       timestamptz NOT NULL,
    currency        text NOT NULL,
    total_minor     bigint NOT NULL,                  -- what was paid, before refunds
    discount_minor  bigint NOT NULL DEFAULT 0,
    shipping_minor  bigint NOT NULL DEFAULT 0,
    tax_minor       bigint NOT NULL DEFAULT 0,
    coupon          text NOT NULL DEFAULT '',
    cancelled_at    timestamptz,
    stated_at       timestamptz NOT NULL,             -- when its newest statement occurred; 1970: only a refund, cancellation or coupon is known yet
    said            jsonb NOT NULL DEFAULT '{}',      -- what events said, from which all columns follow: loop/convert/orders/contracts.py
    PRIMARY KEY (workspace_id, order_id)
);
CREATE INDEX shop_order_home ON shop_order (workspace_id, home_id);
CREATE INDEX shop_order_placed ON shop_order (workspace_id, placed_at DESC, order_id);

CREATE TABLE order_line (
    workspace_id      integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    order_id          text NOT NULL,
    line_number       integer NOT NULL,
    product_id        text NOT NULL DEFAULT '',
    product_name      text NOT NULL DEFAULT '',
    category          text NOT NULL DEFAULT '',
    quantity          numeric NOT NULL DEFAULT 1,
    unit_price_minor  bigint NOT NULL DEFAULT 0,
    unit_price        numeric NOT NULL DEFAULT 0,     -- as stated; the order's currency may become known later
    PRIMARY KEY (workspace_id, order_id, line_number)
);

CREATE TABLE refund (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    order_id      text NOT NULL,
    refund_id     text NOT NULL,
    refunded_at   timestamptz NOT NULL,
    currency      text NOT NULL,
    amount_minor  bigint,                             -- NULL: all that is left of the order
    PRIMARY KEY (workspace_id, order_id, refund_id)
);

CREATE TABLE invite (                                 -- who brought whom
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    referee_home   bigint NOT NULL,
    referrer_home  bigint NOT NULL,
    accepted_at    timestamptz NOT NULL,
    code           text NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, referee_home)
);
CREATE INDEX invite_referrer ON invite (workspace_id, referrer_home);

CREATE TABLE import_run (                             -- what an import has already sent, so that it can go on
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    fingerprint   text NOT NULL,                      -- hash of file and mapping
    what          text NOT NULL,
    rows_done     bigint NOT NULL DEFAULT 0,
    rows_refused  bigint NOT NULL DEFAULT 0,
    finished_at   timestamptz,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, fingerprint)
);

-- ---------------------------------------------------------------- functions
-- Makes the event partitions for the month of p_around and the p_ahead months after it.
CREATE FUNCTION ensure_event_partitions(p_around timestamptz, p_ahead integer DEFAULT 2) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month_start  timestamptz := date_trunc('month', p_around AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
    next_start   timestamptz;
    part         text;
BEGIN
    FOR step IN 0..p_ahead LOOP
        next_start := (month_start AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
        part := 'event_' || to_char(month_start AT TIME ZONE 'UTC', 'YYYYMM');
        IF to_regclass(part) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF event FOR VALUES FROM (%L) TO (%L)', part, month_start, next_start);
            EXECUTE format('CREATE UNIQUE INDEX %I ON %I (workspace_id, message_key)', part || '_message', part);
            EXECUTE format('CREATE INDEX %I ON %I USING brin (tx) WITH (pages_per_range = 32)', part || '_tx', part);
            -- COPY refuses tables under row-level security, so the ingest role alone may append to
            -- partitions (which carry none) and read back no more than the dedupe key.
            EXECUTE format('GRANT INSERT ON %I TO fanwheel_ingest', part);
            EXECUTE format('GRANT SELECT (workspace_id, message_key) ON %I TO fanwheel_ingest', part);
        END IF;
        month_start := next_start;
    END LOOP;
END $$;

-- How many events each transaction of a window wrote, so that a consumer can read whole transactions in
-- bounded slices. It says nothing about anybody, so it may look across workspaces.
CREATE FUNCTION count_events(p_from bigint, p_before bigint)
RETURNS TABLE (tx bigint, workspace_id integer, events bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.tx, e.workspace_id, count(*) FROM event AS e
     WHERE e.tx >= p_from AND e.tx < p_before GROUP BY e.tx, e.workspace_id ORDER BY e.tx, e.workspace_id
$$;

-- Brings the BRIN indexes up to date: until vacuum does, a consumer that is behind would read all new pages
-- again for every slice.
CREATE FUNCTION summarize_events() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM brin_summarize_new_values(i.indexrelid)
       FROM pg_inherits AS h
       JOIN pg_index AS i ON i.indrelid = h.inhrelid
       JOIN pg_class AS c ON c.oid = i.indexrelid
       JOIN pg_am AS a ON a.oid = c.relam
      WHERE h.inhparent = 'event'::regclass AND a.amname = 'brin';
END $$;

-- Of two objects name -> [value, time], the newer statement of every name; of equal times the smaller text,
-- so that "false" goes before "true" and consent is not assumed.
CREATE FUNCTION keep_newest(p_one jsonb, p_other jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_object_agg(newest.key, newest.value), '{}')
      FROM (SELECT DISTINCT ON (said.key) said.key, said.value
              FROM (SELECT key, value FROM jsonb_each(p_one)
                    UNION ALL
                    SELECT key, value FROM jsonb_each(p_other)) AS said
             ORDER BY said.key, (said.value ->> 1)::bigint DESC, (said.value -> 0)::text COLLATE "C") AS newest
$$;

-- Access must be decided before a workspace is known; these answer just that question.
-- Using a key also notes when, at most once a minute, so that a request writes nothing else.
CREATE FUNCTION find_api_key(p_hash bytea)
RETURNS TABLE (workspace_id integer, api_key_id bigint, kind text, role text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE api_key SET last_used_at = now()
     WHERE secret_hash = p_hash AND revoked_at IS NULL
       AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute');
    SELECT k.workspace_id, k.api_key_id, k.kind, k.role FROM api_key AS k
     WHERE k.secret_hash = p_hash AND k.revoked_at IS NULL
$$;

-- A living session with the role that its user has now; none once the membership is gone.
CREATE FUNCTION find_session(p_hash bytea)
RETURNS TABLE (user_id bigint, email text, name text, locale text, workspace_id integer, role text,
               csrf_token text, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.user_id, l.email, l.name, l.locale, m.workspace_id, m.role, s.csrf_token, s.expires_at
      FROM login_session AS s
      JOIN login AS l USING (user_id)
      JOIN membership AS m ON m.user_id = s.user_id AND m.workspace_id = s.workspace_id
     WHERE s.token_hash = p_hash AND s.expires_at > now()
       AND l.disabled_at IS NULL AND m.accepted_at IS NOT NULL
$$;

CREATE FUNCTION list_memberships(p_user bigint)
RETURNS TABLE (workspace_id integer, slug text, name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT w.workspace_id, w.slug, w.name, m.role
      FROM membership AS m JOIN workspace AS w USING (workspace_id)
     WHERE m.user_id = p_user AND m.accepted_at IS NOT NULL ORDER BY w.workspace_id
$$;

-- Removes a login that no membership names any more. The row lock keeps out an invitation at the same moment.
CREATE FUNCTION forget_login(p_user bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM login WHERE user_id = p_user FOR UPDATE;
    DELETE FROM login WHERE user_id = p_user AND NOT EXISTS (SELECT FROM membership WHERE user_id = p_user);
END $$;

-- The first who can let others in, if anyone; until then a set-up link is offered.
CREATE FUNCTION first_owner() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT user_id FROM membership WHERE role = 'owner' AND accepted_at IS NOT NULL
     ORDER BY workspace_id, accepted_at, user_id LIMIT 1
$$;

-- Whether a person passes the filters of a list; one that is NULL is not set. Source and domain are those of the
-- first or the last touch. The planner takes it apart, so it costs what its parts cost.
CREATE FUNCTION person_matches(p_person person, p_stage smallint, p_domain smallint, p_source integer, p_tag text,
                               p_fan boolean) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (p_stage IS NULL OR p_person.stage = p_stage)
       AND (p_domain IS NULL OR p_person.first_domain = p_domain OR p_person.last_domain = p_domain)
       AND (p_source IS NULL OR p_person.first_source_id = p_source OR p_person.last_source_id = p_source)
       AND (p_tag IS NULL OR p_tag = ANY (p_person.tags))
       AND (p_fan IS NULL OR p_person.is_fan = p_fan)
$$;

-- Erasure is the one reason to take from the ledger of consent; only of the workspace in hand.
CREATE FUNCTION erase_consent(p_homes bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM consent
     WHERE workspace_id = nullif(current_setting('fanwheel.workspace', true), '')::integer
       AND home_id = ANY (p_homes)
$$;

-- Money: decimals of a currency's minor unit (a test compares this with kernel.money).
CREATE FUNCTION currency_digits(p_currency text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN p_currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND',
                            'VUV', 'XAF', 'XOF', 'XPF') THEN 0
        WHEN p_currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3
        WHEN p_currency = 'CLF' THEN 4
        ELSE 2 END
$$;

-- What one minor unit of a currency is worth on a day, in minor units of the reporting currency; NULL without
-- any rate. The newest rate of that day or before counts; a day before the first rate takes the first.
CREATE FUNCTION reporting_factor(p_workspace integer, p_currency text, p_on date) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN place.reporting_currency = p_currency THEN 1 ELSE (
        SELECT known.rate * 10::numeric ^ (currency_digits(place.reporting_currency) - currency_digits(p_currency))
          FROM currency_rate AS known
         WHERE known.workspace_id = p_workspace AND known.currency = p_currency
         ORDER BY known.valid_from > p_on,
                  CASE WHEN known.valid_from <= p_on THEN known.valid_from END DESC,
                  known.valid_from
         LIMIT 1) END
      FROM workspace AS place
     WHERE place.workspace_id = p_workspace
$$;
