-- Computed traits: formulas over events, what they come to for each person, and words that metrics remember.

SET LOCAL lock_timeout = '10s';

CREATE TABLE computed_trait (                         -- a trait that is worked out from events
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    name          text NOT NULL,
    formula       jsonb NOT NULL,                     -- as it was saved last
    live_formula  jsonb,                              -- what people's values follow; another than formula while that is built
    status        text NOT NULL DEFAULT 'building' CHECK (status IN ('building', 'live', 'retiring')),
    built_to      bigint NOT NULL DEFAULT 0,          -- building: persons up to here follow formula, others live_formula
    built_at      timestamptz,                        -- when everybody followed formula
    PRIMARY KEY (workspace_id, name)
);

-- The tables below are written for a workspace in hand, under the fence.
CREATE TABLE person_computed (                        -- what formulas come to; the fold takes it into person.traits
    workspace_id  integer NOT NULL,
    person_id     bigint NOT NULL,
    traits        jsonb NOT NULL,                     -- name -> value
    told_us       jsonb NOT NULL,                     -- name -> when it came to that, in epoch microseconds
    PRIMARY KEY (workspace_id, person_id)
);

-- Words that digests name by 64 bits: {"<bits>": word}. They stay with their home and go with it.
ALTER TABLE segment_part ADD COLUMN words text;

-- Metrics that nobody asks for any more are taken out of digests, up to which home; NULL: there are none.
ALTER TABLE segment_book ADD COLUMN swept_to bigint;

-- Which workspaces have persons to be judged, or segments or computed traits to be built or taken away, and when time
-- alone will ask next. It says nothing about anybody, so it may look across workspaces.
CREATE OR REPLACE FUNCTION list_segment_work()
RETURNS TABLE (workspace_id integer, is_noted boolean, is_building boolean, due_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT book.workspace_id,
           EXISTS (SELECT FROM segment_note AS note WHERE note.workspace_id = book.workspace_id),
           book.swept_to IS NOT NULL
           OR EXISTS (SELECT FROM segment AS s WHERE s.workspace_id = book.workspace_id AND s.status = 'building')
           OR EXISTS (SELECT FROM computed_trait AS t WHERE t.workspace_id = book.workspace_id AND t.status <> 'live'),
           (SELECT min(person.due_at) FROM segment_person AS person
             WHERE person.workspace_id = book.workspace_id AND person.due_at IS NOT NULL)
      FROM segment_book AS book
     ORDER BY book.workspace_id
$$;
