-- What messages cost.

-- name: list_prices
-- Every price, by channel; account 0 is every account of the channel.
SELECT channel, account_id, purpose, opens, currency, price_micros
  FROM message_price
 WHERE workspace_id = %(workspace)s
 ORDER BY channel, account_id, opens, purpose;

-- name: forget_prices
-- Takes every price away.
DELETE FROM message_price WHERE workspace_id = %(workspace)s;

-- name: put_prices
-- Puts prices in.
INSERT INTO message_price (workspace_id, channel, account_id, purpose, opens, currency, price_micros, changed_by)
SELECT %(workspace)s, given.channel, given.account_id, given.purpose, given.opens, given.currency, given.price_micros,
       %(actor)s
  FROM json_to_recordset(%(prices)s::json)
       AS given (channel text, account_id integer, purpose text, opens text, currency text, price_micros bigint);
