-- Menus: definitions, versions, where they were published, and taps.

-- name: list_menus
-- Menus that are not deleted, or one, with their newest versions.
SELECT menu.menu_id, menu.name, newest.version, newest.definition, newest.made_at, newest.made_by
  FROM menu
 CROSS JOIN LATERAL (SELECT version, definition, made_at, made_by
                       FROM menu_version
                      WHERE workspace_id = menu.workspace_id AND menu_id = menu.menu_id
                      ORDER BY version DESC
                      LIMIT 1) AS newest
 WHERE menu.workspace_id = %(workspace)s
   AND menu.deleted_at IS NULL
   AND (%(one)s::integer IS NULL OR menu.menu_id = %(one)s)
 ORDER BY menu.menu_id;

-- name: list_shown
-- The menu that each account shows: what was published last, and taken.
SELECT DISTINCT ON (shown.account_id) shown.account_id, shown.menu_id, shown.version, shown.surface,
       version.definition::text
  FROM menu_publication AS shown
  JOIN menu_version AS version
    ON version.workspace_id = shown.workspace_id AND version.menu_id = shown.menu_id
   AND version.version = shown.version
 WHERE shown.workspace_id = %(workspace)s
   AND shown.error IS NULL
 ORDER BY shown.account_id, shown.publication_id DESC;

-- name: list_newest
-- The newest version of every menu, deleted ones too: they may still be tapped.
SELECT DISTINCT ON (menu_id) menu_id, definition::text
  FROM menu_version
 WHERE workspace_id = %(workspace)s
 ORDER BY menu_id, version DESC;

-- name: add_menu
-- The number of a new menu.
INSERT INTO menu (workspace_id, name, created_by)
VALUES (%(workspace)s, %(name)s, %(actor)s)
RETURNING menu_id;

-- name: rename_menu
-- Changes what a menu is called. No rows back; count those changed.
UPDATE menu
   SET name = %(name)s
 WHERE workspace_id = %(workspace)s
   AND menu_id = %(menu_id)s
   AND deleted_at IS NULL;

-- name: delete_menu
-- Takes a menu away; where it is shown it stays until something else is. No rows back; count those changed.
UPDATE menu
   SET deleted_at = now()
 WHERE workspace_id = %(workspace)s
   AND menu_id = %(menu_id)s
   AND deleted_at IS NULL;

-- name: hold_menu
-- Keeps others from adding versions until the transaction ends; no row where there is no such menu.
SELECT menu_id
  FROM menu
 WHERE workspace_id = %(workspace)s
   AND menu_id = %(menu_id)s
   AND deleted_at IS NULL
   FOR UPDATE;

-- name: add_version
-- The number of another version.
INSERT INTO menu_version (workspace_id, menu_id, version, definition, made_by, note)
SELECT %(workspace)s, %(menu_id)s, coalesce(max(version), 0) + 1, %(definition)s::jsonb, %(actor)s, %(note)s
  FROM menu_version
 WHERE workspace_id = %(workspace)s
   AND menu_id = %(menu_id)s
RETURNING version;

-- name: list_versions
-- Versions of a menu, newest first.
SELECT version, definition, made_at, made_by, note
  FROM menu_version
 WHERE workspace_id = %(workspace)s
   AND menu_id = %(menu_id)s
 ORDER BY version DESC
 LIMIT %(most)s;

-- name: find_version
-- One version's definition.
SELECT definition::text
  FROM menu_version
 WHERE workspace_id = %(workspace)s
   AND menu_id = %(menu_id)s
   AND version = %(version)s;

-- name: list_publications
-- What was put where, newest first; shown is the newest of its account that was taken.
SELECT publication.publication_id, publication.account_id, coalesce(account.name, '') AS account,
       publication.menu_id, publication.version, publication.surface, publication.error,
       publication.published_at, publication.published_by,
       publication.error IS NULL
       AND publication.publication_id = (SELECT max(newest.publication_id)
                                           FROM menu_publication AS newest
                                          WHERE newest.workspace_id = %(workspace)s
                                            AND newest.account_id = publication.account_id
                                            AND newest.error IS NULL) AS is_shown
  FROM menu_publication AS publication
  LEFT JOIN channel_account AS account USING (workspace_id, account_id)
 WHERE publication.workspace_id = %(workspace)s
   AND (%(menu_id)s::integer IS NULL OR publication.menu_id = %(menu_id)s)
 ORDER BY publication.publication_id DESC
 LIMIT %(most)s;

-- name: add_publication
-- Notes what was put where.
INSERT INTO menu_publication (workspace_id, account_id, menu_id, version, surface, body, error, published_at,
                              published_by)
VALUES (%(workspace)s, %(account_id)s, %(menu_id)s, %(version)s, %(surface)s, %(body)s::jsonb, %(error)s, %(now)s,
        %(actor)s)
RETURNING publication_id;

-- name: add_taps
-- Notes what was tapped.
INSERT INTO menu_tap (workspace_id, menu_id, item, account_id, home_id, tapped_at)
SELECT %(workspace)s, fresh.menu_id, fresh.item, fresh.account_id, fresh.home_id, fresh.tapped_at
  FROM json_to_recordset(%(taps)s::json)
       AS fresh (menu_id integer, item text, account_id integer, home_id bigint, tapped_at timestamptz);

-- name: count_taps
-- How often the entries of a menu were tapped since an instant, and by how many people.
SELECT item, account_id, count(*)::integer AS taps, count(DISTINCT home_id)::integer AS people
  FROM menu_tap
 WHERE workspace_id = %(workspace)s
   AND menu_id = %(menu_id)s
   AND tapped_at >= %(since)s
 GROUP BY item, account_id
 ORDER BY taps DESC, item, account_id;

-- name: tidy_taps
-- Deletes old taps.
DELETE FROM menu_tap
 WHERE workspace_id = %(workspace)s
   AND tapped_at < %(before)s;

-- name: turn_page
-- Has every worker that answers taps read menus anew.
INSERT INTO auto_reply_book AS book (workspace_id, revision)
VALUES (%(workspace)s, 1)
    ON CONFLICT (workspace_id) DO UPDATE
   SET revision = book.revision + 1;
