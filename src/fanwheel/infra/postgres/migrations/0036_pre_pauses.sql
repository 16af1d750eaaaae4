-- The same as before, with pauses asked for in words that the planner reckons with: "<> ALL" of a step that makes up the
-- whole table was taken to leave nothing over, and every intent was read where the first would do.
CREATE OR REPLACE FUNCTION list_reach_work(p_now timestamptz) RETURNS TABLE (workspace_id integer, account_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT sender.workspace_id, sender.account_id
      FROM sender
     WHERE EXISTS (SELECT FROM intent
                    WHERE intent.workspace_id = sender.workspace_id AND intent.account_id = sender.account_id
                      AND intent.state IN ('claimed', 'sending') AND intent.leased_until < p_now)
        OR (sender.paused_at IS NULL
            OR EXISTS (SELECT FROM channel_account AS mended
                        WHERE mended.workspace_id = sender.workspace_id AND mended.account_id = sender.account_id
                          AND mended.updated_at > sender.paused_at))
           AND NOT EXISTS (SELECT FROM channel_account AS off
                            WHERE off.workspace_id = sender.workspace_id AND off.account_id = sender.account_id
                              AND (NOT off.is_active OR off.deleted_at IS NOT NULL))
           AND coalesce(sender.broken_until <= p_now, true)
           AND EXISTS (SELECT FROM (VALUES (30), (20), (10), (0)) AS band (priority)
                        WHERE EXISTS (SELECT FROM intent
                                       WHERE intent.workspace_id = sender.workspace_id
                                         AND intent.account_id = sender.account_id
                                         AND intent.state = 'waiting' AND intent.priority = band.priority
                                         AND intent.due_at <= p_now
                                         AND intent.step NOT IN (SELECT paused.step FROM step_pause AS paused
                                                                  WHERE paused.workspace_id = sender.workspace_id)))
     ORDER BY 1, 2
$$;
