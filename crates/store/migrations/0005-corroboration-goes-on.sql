-- What all reports say together is worked out batch by batch, and kept so that the next batch can go on from it. What
-- was worked out before is worked out once more.
DROP TABLE copy_links;
DROP TABLE family_members;
DROP TABLE families;
DROP TABLE story_reports;
DROP TABLE stories;
DELETE FROM state WHERE key = 'corroboration_stale';

-- What copies and stories of a report are found by. `waiting`: not compared yet. `entered`: it stands in the tables below.
-- `aside`: it shows an earlier version of a page. `entered_as` is what stands there of a report that was read again since.
-- Days are counted from 1970-01-01; a report without one has the least number that there is.
CREATE TABLE sketches (
    report     INTEGER PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    state      TEXT    NOT NULL,
    day        INTEGER NOT NULL,
    sketch     BLOB    NOT NULL,
    entered_as BLOB
);
INSERT INTO sketches (report, state, day, sketch)
    SELECT id, 'waiting', coalesce(julianday(published) - 2440587.5, -2147483648), sketch
    FROM reports WHERE sketch IS NOT NULL;
CREATE INDEX sketches_waiting ON sketches (day, report) WHERE state = 'waiting';
ALTER TABLE reports DROP COLUMN sketch;

-- Addresses at which something was met since earlier versions were last told from present ones.
CREATE TABLE revisited (source TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO revisited SELECT DISTINCT source FROM sightings WHERE source LIKE 'http%://%';

CREATE TABLE prints (
    print  INTEGER NOT NULL,
    report INTEGER NOT NULL,
    PRIMARY KEY (print, report)
) WITHOUT ROWID;

CREATE TABLE terms (
    term    INTEGER PRIMARY KEY,
    reports INTEGER NOT NULL
);

CREATE TABLE telling (
    term   INTEGER NOT NULL,
    day    INTEGER NOT NULL,
    report INTEGER NOT NULL,
    PRIMARY KEY (term, day, report)
) WITHOUT ROWID;

CREATE TABLE copy_links (
    a           INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    b           INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    kind        TEXT    NOT NULL,
    containment REAL    NOT NULL,
    PRIMARY KEY (a, b)
) WITHOUT ROWID;
CREATE INDEX copy_links_by_b ON copy_links (b);

CREATE TABLE family_members (
    report INTEGER PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    family INTEGER NOT NULL
);
CREATE INDEX family_members_by_family ON family_members (family);

-- `due`: the body is to be made anew. `disturbed`: a report was taken out, and those that are left may fall apart.
CREATE TABLE stories (
    key       INTEGER PRIMARY KEY,
    id        TEXT    NOT NULL,
    title     TEXT    NOT NULL,
    first_day TEXT,
    last_day  TEXT,
    body      TEXT    NOT NULL,
    due       INTEGER NOT NULL,
    disturbed INTEGER NOT NULL
);
CREATE INDEX stories_by_id ON stories (id);
CREATE INDEX stories_due ON stories (key) WHERE due;
CREATE INDEX stories_disturbed ON stories (key) WHERE disturbed;

CREATE TABLE story_reports (
    report INTEGER PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    story  INTEGER NOT NULL REFERENCES stories (key),
    day    INTEGER NOT NULL
);
CREATE INDEX story_reports_in_order ON story_reports (story, day, report);
