-- What keeps the inbox quick with a million conversations.
--
-- Searching for what is longer than the beginnings that are kept of words, such as the number of an order: those of a
-- whole day begin alike, so the text itself is looked at among them. What looked only at beginnings stays for processes
-- that are not upgraded yet.

SET LOCAL lock_timeout = '10s';

-- Messages that hold all of some words and all of some texts, newest first, as many as wanted; see find_messages above
-- (0024) for the portions and the fence. ``wholes`` are in small letters and narrow.
CREATE FUNCTION find_messages(portions text[], wholes text[], before_id bigint, most integer)
RETURNS TABLE (message_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
    place integer := nullif(current_setting('fanwheel.workspace', true), '')::integer;
    portion text;
    found integer;
    left_over integer := most;
BEGIN
    FOREACH portion IN ARRAY portions LOOP
        RETURN QUERY SELECT message.message_id FROM message
                      WHERE message.words @> portion::integer[]
                        AND message.workspace_id = place
                        AND message.message_id < before_id
                        AND (wholes = '{}'
                             OR (SELECT bool_and(strpos(lower(normalize(message.body, NFKC)), whole) > 0)
                                   FROM unnest(wholes) AS whole))
                      ORDER BY message.message_id DESC
                      LIMIT left_over;
        GET DIAGNOSTICS found = ROW_COUNT;
        left_over := left_over - found;
        EXIT WHEN left_over <= 0;
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION find_messages(text[], text[], bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_messages(text[], text[], bigint, integer) TO fanwheel_app;

-- Few conversations are urgent, or may wait: without this the list of the urgent reads all that are open.
CREATE INDEX conversation_priority ON conversation (workspace_id, state, priority, last_at DESC, conversation_id DESC)
    WHERE priority <> 0;
