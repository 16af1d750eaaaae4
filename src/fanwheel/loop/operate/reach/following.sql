-- name: list_tasks
-- Messages that wait for staff and were handed over since a moment, those after one message of one account.
SELECT intent_id, account_id, platform_id
  FROM intent
 WHERE workspace_id = %(workspace)s
   AND state = 'task'
   AND platform_id IS NOT NULL
   AND passed_at > %(since)s
   AND (account_id, intent_id) > (%(account_id)s, %(intent_id)s)
 ORDER BY account_id, intent_id
 LIMIT %(most)s;
