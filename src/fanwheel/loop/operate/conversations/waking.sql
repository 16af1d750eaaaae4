-- name: list_workspaces
-- Which workspaces have conversations to wake up.
SELECT workspace_id FROM list_inbox_work();
