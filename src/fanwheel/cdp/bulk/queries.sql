-- What is done to many people at once.

-- name: add_action
-- The new action's number.
INSERT INTO bulk_action (workspace_id, what, args, chosen, people, status, created_at, created_by)
VALUES (%(workspace)s, %(what)s, %(args)s::jsonb, %(chosen)s::jsonb, %(people)s, 'running', %(now)s, %(actor)s)
RETURNING action_id;

-- name: add_homes
-- Keeps whom an action is about.
INSERT INTO bulk_action_home (workspace_id, action_id, home_id)
SELECT %(workspace)s, %(action_id)s, given.home_id
  FROM unnest(%(people)s::bigint[]) AS given (home_id);

-- name: list_actions
-- Actions, newest first, below a number.
SELECT action_id, what, args, people, done, changed, taken_back, status,
       status IN ('running', 'done', 'failed') AND created_at > %(oldest)s AS is_undoable,
       error, created_at, created_by, undone_at, undone_by
  FROM bulk_action
 WHERE workspace_id = %(workspace)s
   AND (%(before)s::integer IS NULL OR action_id < %(before)s)
   AND (%(one)s::integer IS NULL OR action_id = %(one)s)
 ORDER BY action_id DESC
 LIMIT %(limit)s;

-- name: hold_action
-- Keeps others off an action until the transaction ends; no row if there is none.
SELECT action_id FROM bulk_action WHERE workspace_id = %(workspace)s AND action_id = %(action_id)s FOR UPDATE;

-- name: list_open
-- The actions that are under way, oldest first.
SELECT action_id
  FROM bulk_action
 WHERE workspace_id = %(workspace)s
   AND status IN ('running', 'undoing')
 ORDER BY action_id;

-- name: list_next
-- The next people of an action who are in a state, each with the person behind the name; none behind who is erased.
SELECT next.home_id, known.person_id, next.undo
  FROM (SELECT home.home_id, home.undo
          FROM bulk_action AS action
          JOIN bulk_action_home AS home USING (workspace_id, action_id)
         WHERE action.workspace_id = %(workspace)s
           AND action.action_id = %(action_id)s
           AND home.home_id > action.reached
           AND home.state = %(state)s
         ORDER BY home.home_id
         LIMIT %(most)s) AS next
  LEFT JOIN identifier AS known ON known.workspace_id = %(workspace)s AND known.home_id = next.home_id
 ORDER BY next.home_id;

-- name: put_states
-- Keeps what became of people.
UPDATE bulk_action_home
   SET state = given.state, undo = given.undo
  FROM json_to_recordset(%(rows)s::json) AS given (home_id bigint, state text, undo jsonb)
 WHERE bulk_action_home.workspace_id = %(workspace)s
   AND bulk_action_home.action_id = %(action_id)s
   AND bulk_action_home.home_id = given.home_id;

-- name: put_progress
-- Keeps how far an action has come.
UPDATE bulk_action
   SET reached = coalesce(%(reached)s::bigint, reached),
       done = done + %(done)s,
       changed = changed + %(changed)s,
       taken_back = taken_back + %(taken_back)s,
       status = coalesce(%(status)s::text, status)
 WHERE workspace_id = %(workspace)s
   AND action_id = %(action_id)s;

-- name: fail
-- Gives an action up, saying why.
UPDATE bulk_action
   SET status = 'failed', error = %(error)s
 WHERE workspace_id = %(workspace)s
   AND action_id = %(action_id)s;

-- name: begin_undo
-- Has an action taken back from the first of its people on.
UPDATE bulk_action
   SET status = 'undoing', reached = 0, error = NULL, undone_at = %(now)s, undone_by = %(actor)s
 WHERE workspace_id = %(workspace)s
   AND action_id = %(action_id)s;

-- name: forget_homes
-- Takes away what old actions changed; they can be undone no more.
DELETE FROM bulk_action_home
 USING bulk_action
 WHERE bulk_action_home.workspace_id = %(workspace)s
   AND bulk_action.workspace_id = %(workspace)s
   AND bulk_action.action_id = bulk_action_home.action_id
   AND (bulk_action.created_at <= %(oldest)s AND bulk_action.status NOT IN ('running', 'undoing')
        OR bulk_action.status = 'undone');

-- name: list_workspaces
-- The workspaces in which actions are under way.
SELECT workspace_id FROM list_bulk_workspaces();
