-- The library of media; every statement in one workspace.

-- name: list_media
-- Files, or one, newest first.
SELECT media_id, digest, extension, content_type, kind, name, alt, folder, size_bytes, width, height, created_at,
       created_by, is_received
  FROM media_file
 WHERE workspace_id = %(workspace)s
   AND (%(is_received)s::boolean IS NULL OR is_received = %(is_received)s)
   AND (%(media_id)s::bigint IS NULL OR media_id = %(media_id)s)
   AND (%(kind)s::text IS NULL OR kind = %(kind)s)
   AND (%(q)s::text IS NULL OR strpos(lower(name), lower(%(q)s)) > 0)
   AND (%(before)s::bigint IS NULL OR media_id < %(before)s)
 ORDER BY media_id DESC
 LIMIT %(most)s;

-- name: add_media
-- The number of a file; where one holds the same, its own, which then is of the more public kind. Held until the end.
INSERT INTO media_file AS kept (workspace_id, digest, extension, content_type, kind, name, size_bytes, width, height,
                                created_by, is_attachment, is_received)
VALUES (%(workspace)s, %(digest)s, %(extension)s, %(content_type)s, %(kind)s, %(name)s, %(size_bytes)s, %(width)s,
        %(height)s, %(actor)s, %(is_attachment)s, %(is_received)s)
    ON CONFLICT (workspace_id, digest) DO UPDATE
   SET is_attachment = (kept.is_attachment OR excluded.is_attachment)
                       AND (kept.is_attachment OR kept.is_received)
                       AND (excluded.is_attachment OR excluded.is_received),
       is_received = kept.is_received AND excluded.is_received,
       name = CASE WHEN kept.is_received THEN excluded.name ELSE kept.name END,
       taken_at = now()
RETURNING media_id;

-- name: add_recipient
-- Notes to whom attachments went; what is of the library is nobody's.
INSERT INTO media_recipient (workspace_id, media_id, home_id)
SELECT workspace_id, media_id, %(home_id)s
  FROM media_file
 WHERE workspace_id = %(workspace)s
   AND media_id = ANY (%(media)s::bigint[])
   AND is_attachment
    ON CONFLICT DO NOTHING;

-- name: take_erased
-- Files that are to leave the disk, once each; nobody else takes them off meanwhile.
SELECT erasure_id, media
  FROM erasure
 WHERE workspace_id = %(workspace)s
   AND media <> '{}'
 ORDER BY erasure_id
   FOR UPDATE SKIP LOCKED;

-- name: list_present
-- Which of some files the library has, perhaps again.
SELECT digest || '.' || extension AS name
  FROM media_file
 WHERE workspace_id = %(workspace)s
   AND NOT is_received
   AND digest || '.' || extension = ANY (%(names)s::text[]);

-- name: note_erased
-- Notes that the files of an erasure have left the disk.
UPDATE erasure SET media = '{}' WHERE workspace_id = %(workspace)s AND erasure_id = %(erasure_id)s;

-- name: change_media
-- Writes name, alternative text and folder; what is null stays.
UPDATE media_file
   SET name = coalesce(%(name)s::text, name),
       alt = coalesce(%(alt)s::text, alt),
       folder = coalesce(%(folder)s::text, folder)
 WHERE workspace_id = %(workspace)s
   AND media_id = %(media_id)s;

-- name: delete_media
-- Takes a file out of the library.
DELETE FROM media_file WHERE workspace_id = %(workspace)s AND media_id = %(media_id)s;

-- name: list_uses
-- Templates that show a file: in their draft, or in the version that is said.
SELECT template.template_id, template.name,
       coalesce(strpos(version.content::text, %(digest)s) > 0, false) AS is_published
  FROM template
  LEFT JOIN template_version AS version
         ON version.workspace_id = %(workspace)s AND version.version_id = template.published_id
 WHERE template.workspace_id = %(workspace)s
   AND (strpos(template.draft::text, %(digest)s) > 0
        OR strpos(version.content::text, %(digest)s) > 0
        OR template.draft @@ format('$.** ? (@.media_id == %%s)', %(media_id)s::bigint)::jsonpath)
 ORDER BY template.template_id;

-- name: add_uses
-- Notes that a conversation has some files.
WITH used AS (
    UPDATE media_file SET used_at = now()
     WHERE workspace_id = %(workspace)s
       AND media_id = ANY (%(media)s::bigint[])
    RETURNING media_id
)
INSERT INTO media_use (workspace_id, home_id, account_id, media_id)
SELECT %(workspace)s, %(home_id)s, %(account_id)s, used.media_id
  FROM used
    ON CONFLICT DO NOTHING;

-- name: is_used
-- Whether a conversation has a file.
SELECT EXISTS (SELECT FROM media_use
                WHERE workspace_id = %(workspace)s AND home_id = %(home_id)s AND account_id = %(account_id)s
                  AND media_id = %(media_id)s) AS is_used;

-- name: count_received
-- How many files an account received since a moment, of one home or of all, and how large they are together.
SELECT count(*) AS files, coalesce(sum(media_file.size_bytes), 0)::bigint AS size_bytes
  FROM media_use
  JOIN media_file ON media_file.workspace_id = %(workspace)s AND media_file.media_id = media_use.media_id
 WHERE media_use.workspace_id = %(workspace)s
   AND media_use.account_id = %(account_id)s
   AND (%(home_id)s::bigint IS NULL OR media_use.home_id = %(home_id)s)
   AND media_use.used_at > %(since)s
   AND media_file.is_received;

-- name: hold_stale
-- Files beside the library that no conversation has any more, or that were never sent since a moment; held.
SELECT media_id, digest, extension, is_received
  FROM media_file
 WHERE workspace_id = %(workspace)s
   AND (is_received OR is_attachment)
   AND (is_received OR used_at > taken_at OR (taken_at < %(before)s AND used_at IS NULL))
   AND NOT EXISTS (SELECT FROM media_use
                    WHERE media_use.workspace_id = %(workspace)s AND media_use.media_id = media_file.media_id)
   AND (used_at IS NOT NULL
        OR NOT EXISTS (SELECT FROM media_recipient
                        WHERE media_recipient.workspace_id = %(workspace)s
                          AND media_recipient.media_id = media_file.media_id))
 ORDER BY media_id
 LIMIT %(most)s
   FOR UPDATE SKIP LOCKED;

-- name: forget_stale
-- Deletes those of some held files that no conversation has by now.
DELETE FROM media_file
 WHERE workspace_id = %(workspace)s
   AND media_id = ANY (%(media)s::bigint[])
   AND NOT EXISTS (SELECT FROM media_use
                    WHERE media_use.workspace_id = %(workspace)s AND media_use.media_id = media_file.media_id)
RETURNING media_id;

-- name: keep_shown
-- Puts files into the library that templates show.
UPDATE media_file
   SET is_attachment = false
 WHERE workspace_id = %(workspace)s
   AND media_id = ANY (%(media)s::bigint[]);
