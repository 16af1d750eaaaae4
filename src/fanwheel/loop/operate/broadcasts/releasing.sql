-- What a worker reads and writes to go on with broadcasts.

-- name: list_workspaces
-- Which workspaces have broadcasts to go on with.
SELECT workspace_id FROM list_broadcast_work(%(now)s);

-- name: list_active
-- Broadcasts that are under way, whose time has come, or that were canceled with something still on its way.
SELECT broadcast_id
  FROM broadcast
 WHERE workspace_id = %(workspace)s
   AND (state = 'running'
        OR state = 'scheduled' AND starts_at <= %(now)s
        OR state = 'canceled' AND launched_at IS NOT NULL
           AND EXISTS (SELECT FROM step_pause
                        WHERE step_pause.workspace_id = %(workspace)s
                          AND step_pause.step = 'broadcast:' || broadcast.broadcast_id))
 ORDER BY broadcast_id;

-- name: take
-- Keeps a broadcast for one worker until the transaction ends; no row if another has it, or it stands otherwise now.
SELECT broadcast_id
  FROM broadcast
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s
   AND (state IN ('running', 'canceled') OR state = 'scheduled' AND starts_at <= %(now)s)
   FOR UPDATE SKIP LOCKED;

-- name: begin
-- A broadcast begins to go out.
UPDATE broadcast
   SET state = 'running', updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: enter
-- A broadcast enters its next phase.
UPDATE broadcast
   SET phase = %(phase)s, updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: note_released
-- So many more people were handed to the send path.
UPDATE broadcast
   SET released = released + %(released)s, paced_at = %(paced_at)s
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: is_counting_due
-- Whether it is time to count again how far a broadcast has come; the more there are, the more seldom.
SELECT counted_at IS NULL OR counted_at < %(now)s - CASE WHEN released < 50000 THEN interval '5 seconds'
                                                         ELSE interval '30 seconds' END AS is_due
  FROM broadcast
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: put_progress
-- How far a broadcast has come.
UPDATE broadcast
   SET progress = %(progress)s::jsonb, counted_at = %(now)s
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: finish
-- A broadcast is over.
UPDATE broadcast
   SET state = 'done', ended_at = %(now)s, updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;
