-- Drafts of answers by an endpoint of the brand's own choice, and what the brand says of its products.

SET LOCAL lock_timeout = '10s';

CREATE TABLE inbox_drafting (                         -- no row: nothing is drafted, and nothing leaves
    workspace_id  integer PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    is_on         boolean NOT NULL DEFAULT false,
    base_url      text NOT NULL,                      -- of an endpoint that speaks as OpenAI's does
    model         text NOT NULL,
    sealed_key    bytea,                              -- NULL: the endpoint asks for none
    traits        text[] NOT NULL DEFAULT '{}',       -- what may leave of a person
    instructions  text NOT NULL DEFAULT '',
    changed_at    timestamptz NOT NULL DEFAULT now(),
    changed_by    text NOT NULL
);

CREATE TABLE product (                                -- what orders do not say of it
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    product_id    text NOT NULL,
    name          text NOT NULL DEFAULT '',           -- '': as orders call it
    url           text NOT NULL DEFAULT '',
    image_url     text NOT NULL DEFAULT '',
    price_minor   bigint CHECK (price_minor >= 0),    -- NULL: that of the last order
    currency      text NOT NULL DEFAULT '',
    changed_at    timestamptz NOT NULL DEFAULT now(),
    changed_by    text NOT NULL,
    PRIMARY KEY (workspace_id, product_id)
);
