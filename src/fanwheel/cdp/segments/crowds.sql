-- Who is in segments, by chunks of ids.

-- name: list_same_chunks
-- The chunks of some segments that have some numbers.
SELECT segment_id, chunk, members
  FROM segment_bitmap
 WHERE workspace_id = %(workspace)s
   AND segment_id = ANY (%(segments)s::integer[])
   AND chunk = ANY (%(chunks)s::integer[])
   AND size > 0;
