-- What a connection test came to, as a word with its facts, so that pages say it in the reader's language.

SET LOCAL lock_timeout = '10s';

ALTER TABLE channel_account ADD COLUMN check_code text NOT NULL DEFAULT '';
ALTER TABLE channel_account ADD COLUMN check_facts jsonb NOT NULL DEFAULT '{}';
