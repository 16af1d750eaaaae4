-- Messages that wait for somebody on the platform to confirm them are asked after every minute; they are few.

SET LOCAL lock_timeout = '10s';

CREATE INDEX intent_task ON intent (workspace_id, account_id, intent_id) WHERE state = 'task';
