-- Newcomers of whom the platform is still to be asked who they are, so that one person on two accounts becomes one.

SET LOCAL lock_timeout = '10s';

CREATE TABLE recognition (                            -- no contact data: the address stands with its home
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id    integer NOT NULL,
    home_id       bigint NOT NULL,                    -- of the address to ask about
    came_at       timestamptz NOT NULL,               -- what is told counts as of then
    next_at       timestamptz NOT NULL,               -- while it is asked: when it may be asked again
    attempts      smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, account_id, home_id)
);
CREATE INDEX recognition_due ON recognition (workspace_id, account_id, next_at);

-- Which accounts have newcomers to ask about now; it says nothing about anybody, so it may look across workspaces.
CREATE FUNCTION list_recognition_work() RETURNS TABLE (workspace_id integer, account_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT account.workspace_id, account.account_id FROM channel_account AS account
     WHERE EXISTS (SELECT FROM recognition WHERE recognition.workspace_id = account.workspace_id
                                             AND recognition.account_id = account.account_id AND next_at <= now())
     ORDER BY 1, 2
$$;
REVOKE EXECUTE ON FUNCTION list_recognition_work() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_recognition_work() TO fanwheel_app;
