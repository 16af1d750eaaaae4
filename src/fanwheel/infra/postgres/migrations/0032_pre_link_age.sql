-- Visits and messages with links are let go of by their age; they are written in that order, so a few bytes find them.

SET LOCAL lock_timeout = '10s';

CREATE INDEX link_visit_age ON link_visit USING brin (visited_at);
CREATE INDEX link_recipient_age ON link_recipient USING brin (made_at);
