-- Traits as a brand declares them, and every change of a portrait as a fact.

SET LOCAL lock_timeout = '10s';

CREATE TABLE trait_definition (                       -- a trait that has none is taken as it comes
    workspace_id   integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    name           text NOT NULL,
    label          text NOT NULL DEFAULT '',          -- what people read instead of the name
    description    text NOT NULL DEFAULT '',
    type           text NOT NULL CHECK (type IN ('text', 'number', 'bool', 'date', 'option', 'options')),
    unit           text NOT NULL DEFAULT '',
    options        jsonb NOT NULL DEFAULT '[]',       -- [{"value", "label"}] in the order in which they are offered
    formula        jsonb,                             -- how it is worked out from events; NULL: somebody says it
    status         text NOT NULL DEFAULT 'ready' CHECK (status IN ('ready', 'building', 'failed')),
    error          text,                              -- why it cannot be worked out
    keeps_history  boolean NOT NULL DEFAULT true,     -- whether changes of it are facts
    position       integer NOT NULL DEFAULT 0,        -- small ones come first
    created_at     timestamptz NOT NULL DEFAULT now(),
    created_by     text NOT NULL,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    updated_by     text NOT NULL,
    PRIMARY KEY (workspace_id, name)
);

-- Written by whoever changes a row of person, in the same transaction. Ids are given before commits, so one who reads
-- on keeps to rows whose tx is older than every transaction under way (pg_snapshot_xmin). As often written as events
-- come, under the fence, so without a look at the workspace.
CREATE TABLE portrait_change (
    workspace_id  integer NOT NULL,
    change_id     bigint GENERATED ALWAYS AS IDENTITY,
    tx            bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    person_id     bigint NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('trait', 'tag', 'layer')),
    name          text NOT NULL,                      -- of the trait, the tag, the layer
    old           jsonb,                              -- NULL: there was none; of a tag true
    new           jsonb,                              -- NULL: there is none any more
    changed_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, change_id)
);
CREATE INDEX portrait_change_person ON portrait_change (workspace_id, person_id, change_id);

-- The layers that every brand has, with the class of each in which a person is, from their row; see cdp/segments/layers.py.
CREATE FUNCTION built_in_layers(p_stage integer, p_traits jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
               'stage', (ARRAY['introduce', 'operate', 'convert', 'share', 'repurchase'])[p_stage],
               'rfm_tier', CASE jsonb_typeof(p_traits -> 'rfm_tier')
                                WHEN 'string' THEN nullif(p_traits ->> 'rfm_tier', '') END,
               'member_level', CASE jsonb_typeof(p_traits -> 'member_level')
                                    WHEN 'string' THEN nullif(p_traits ->> 'member_level', '') END))
$$;
