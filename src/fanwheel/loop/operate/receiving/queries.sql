-- name: region
-- The country of phones without a country code.
SELECT default_region FROM workspace WHERE workspace_id = %(workspace)s;

-- name: list_persons
-- The persons behind some homes as of now, and when each home was first seen.
SELECT home_id, person_id, first_seen_at
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[]);

-- name: list_staff
-- Which members of staff some people have added, through which accounts.
SELECT contact_staff.account_id, contact_staff.address_hash, contact_staff.staff
  FROM unnest(%(accounts)s::integer[], %(hashes)s::uuid[]) AS asked (account_id, address_hash)
  JOIN contact_staff
    ON contact_staff.workspace_id = %(workspace)s
   AND contact_staff.account_id = asked.account_id
   AND contact_staff.address_hash = asked.address_hash;

-- name: put_staff
-- Notes that people have added members of staff.
INSERT INTO contact_staff (workspace_id, account_id, address_hash, staff, since)
SELECT %(workspace)s, given.account_id, given.address_hash, given.staff, now()
  FROM unnest(%(accounts)s::integer[], %(hashes)s::uuid[], %(staff)s::text[])
       AS given (account_id, address_hash, staff)
    ON CONFLICT DO NOTHING;

-- name: drop_staff
-- Notes that people know members of staff no more.
DELETE FROM contact_staff
 USING unnest(%(accounts)s::integer[], %(hashes)s::uuid[], %(staff)s::text[])
       AS given (account_id, address_hash, staff)
 WHERE contact_staff.workspace_id = %(workspace)s
   AND contact_staff.account_id = given.account_id
   AND contact_staff.address_hash = given.address_hash
   AND contact_staff.staff = given.staff;
