-- What the demo brand's channels need to know of its people.

-- name: list_people
-- The first people who have an identifier of a kind, in the order in which they came; of addresses that are used in
-- the West, those of people without a Chinese phone.
SELECT kind, value
  FROM (SELECT i.kind, i.value, row_number() OVER (PARTITION BY i.kind ORDER BY i.home_id) AS place
          FROM identifier AS i
         WHERE i.workspace_id = %(workspace)s
           AND (i.kind = ANY (%(chinese)s)
                OR (i.kind = ANY (%(western)s)
                    AND EXISTS (SELECT FROM identifier AS e
                                 WHERE e.workspace_id = %(workspace)s AND e.person_id = i.person_id
                                   AND e.kind = 'email')
                    AND NOT EXISTS (SELECT FROM identifier AS p
                                     WHERE p.workspace_id = %(workspace)s AND p.person_id = i.person_id
                                       AND p.kind = 'phone' AND p.value LIKE '+86%%')))) AS numbered
 WHERE place <= %(most)s
 ORDER BY kind, place

-- name: list_readers
-- People with an address who agree to letters by what they said last, in the order in which they came.
SELECT person_id
  FROM (SELECT DISTINCT ON (i.person_id) i.person_id, c.is_granted
          FROM identifier AS i
          JOIN identifier AS own ON own.workspace_id = i.workspace_id AND own.person_id = i.person_id
          JOIN consent AS c ON c.workspace_id = own.workspace_id AND c.home_id = own.home_id
         WHERE i.workspace_id = %(workspace)s AND i.kind = 'email'
           AND c.channel = 'email' AND c.purpose = 'marketing'
         ORDER BY i.person_id, c.decided_at DESC) AS latest
 WHERE is_granted
 ORDER BY person_id
 LIMIT %(most)s;
