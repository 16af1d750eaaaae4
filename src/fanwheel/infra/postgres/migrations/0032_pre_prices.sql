-- What messages cost: prices as data, and what each message cost when it went out.

SET LOCAL lock_timeout = '10s';

CREATE TABLE message_price (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    channel       text NOT NULL,
    account_id    integer NOT NULL DEFAULT 0,           -- 0: every account of the channel
    purpose       text NOT NULL DEFAULT '' CHECK (purpose IN ('', 'marketing', 'transactional', 'service')),  -- '': any
    opens         text NOT NULL DEFAULT '' CHECK (opens IN ('', 'message', 'follow', 'tap', 'scan', 'enter', 'grant',
                      'comment')),                      -- within a right of this kind; '': within any, or none
    currency      text NOT NULL,
    price_micros  bigint NOT NULL CHECK (price_micros >= 0),  -- of one message, in millionths of the currency's unit
    changed_at    timestamptz NOT NULL DEFAULT now(),
    changed_by    text NOT NULL DEFAULT 'system',
    PRIMARY KEY (workspace_id, channel, account_id, opens, purpose)
);

ALTER TABLE intent ADD COLUMN cost_currency text;

-- What a message costs that went out with some figures: the price that says most of it counts.
CREATE FUNCTION message_cost(p_workspace integer, p_channel text, p_account integer, p_purpose text, p_proof jsonb)
RETURNS TABLE (cost_micros bigint, cost_currency text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT price.price_micros * greatest(coalesce((p_proof ->> 'parts')::bigint, 1), 1), price.currency
      FROM message_price AS price
     WHERE price.workspace_id = p_workspace
       AND price.channel = p_channel
       AND price.account_id IN (0, p_account)
       AND price.opens IN ('', p_proof #>> '{window,0}')
       AND price.purpose IN ('', p_purpose)
     ORDER BY price.account_id DESC, price.opens DESC, price.purpose DESC
     LIMIT 1
$$;

-- Who took consent back after a message is looked up by time.
CREATE INDEX consent_withdrawn ON consent (workspace_id, decided_at) WHERE NOT is_granted;
