-- What is asked for over the web, when next, and what became of it. It is not made from the originals: if it is lost,
-- everything is asked for once more. `hints` is JSON that only its writer reads.
CREATE TABLE tasks (
    id            INTEGER PRIMARY KEY,
    source        TEXT    NOT NULL,
    address       TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    attempts      INTEGER NOT NULL,
    checks        INTEGER NOT NULL,
    due_at        INTEGER NOT NULL,
    tried_at      INTEGER,
    kept_at       INTEGER,
    etag          TEXT,
    last_modified TEXT,
    status        INTEGER,
    fault         TEXT,
    digest        BLOB,
    hints         TEXT    NOT NULL,
    UNIQUE (source, address)
);
CREATE INDEX tasks_by_due ON tasks (due_at) WHERE state IN ('waiting', 'failed');

-- The number of the leaf that the reading has in the log.
ALTER TABLE reports ADD COLUMN leaf INTEGER;
CREATE INDEX reports_without_leaf ON reports (id) WHERE leaf IS NULL;

-- What is left of an original that was lawfully removed.
CREATE TABLE erasures (
    leaf      INTEGER PRIMARY KEY,
    erased_at INTEGER NOT NULL,
    reason    TEXT    NOT NULL
);

CREATE INDEX sightings_by_source ON sightings (source, seen_at);
