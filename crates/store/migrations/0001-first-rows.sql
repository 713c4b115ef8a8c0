-- Times are microseconds since 1970 in UTC; days are `YYYY-MM-DD`; every `body` is JSON that only its writer reads.

CREATE TABLE state (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE originals (
    digest        BLOB    PRIMARY KEY,
    length        INTEGER NOT NULL,
    kind          TEXT    NOT NULL,
    segment       TEXT    NOT NULL,
    "offset"      INTEGER NOT NULL,
    stored_length INTEGER NOT NULL,
    received_at   INTEGER NOT NULL
);
CREATE INDEX originals_by_place ON originals (segment, "offset");

CREATE TABLE sightings (
    id          INTEGER PRIMARY KEY,
    digest      BLOB    NOT NULL REFERENCES originals (digest),
    source      TEXT    NOT NULL,
    line        INTEGER NOT NULL,
    byte_offset INTEGER NOT NULL,
    hints       TEXT    NOT NULL,
    seen_at     INTEGER NOT NULL,
    UNIQUE (digest, source, line, byte_offset)
);

CREATE TABLE reports (
    id             INTEGER PRIMARY KEY,
    digest         BLOB    NOT NULL UNIQUE REFERENCES originals (digest),
    revision       INTEGER NOT NULL UNIQUE,
    name           TEXT    NOT NULL,
    published      TEXT,
    outlet         TEXT,
    title          TEXT,
    url            TEXT,
    language       TEXT,
    wire           TEXT,
    dateline_place TEXT,
    text_length    INTEGER NOT NULL,
    claim_count    INTEGER NOT NULL,
    reader_version TEXT    NOT NULL,
    body           TEXT    NOT NULL,
    sketch         BLOB
);
CREATE INDEX reports_by_name ON reports (name);
CREATE INDEX reports_in_order ON reports (coalesce(published, '~'), name, digest);
CREATE INDEX reports_by_reader ON reports (reader_version);

CREATE TABLE claims (
    report     INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    speaker    TEXT,
    speakers   TEXT    NOT NULL,
    act        TEXT,
    polarity   TEXT    NOT NULL,
    place      TEXT,
    country    TEXT,
    first_day  TEXT,
    last_day   TEXT,
    measure    TEXT,
    population TEXT,
    lower      INTEGER,
    upper      INTEGER,
    stated     INTEGER,
    span_start INTEGER NOT NULL,
    span_end   INTEGER NOT NULL,
    quote      TEXT    NOT NULL,
    rule       TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    PRIMARY KEY (report, number)
);
CREATE INDEX claims_by_act ON claims (act) WHERE act IS NOT NULL;
CREATE INDEX claims_by_measure ON claims (measure, population) WHERE measure IS NOT NULL;

CREATE TABLE stories (
    id        TEXT PRIMARY KEY,
    title     TEXT NOT NULL,
    first_day TEXT,
    last_day  TEXT,
    body      TEXT NOT NULL
);

CREATE TABLE story_reports (
    story    TEXT    NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    report   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    PRIMARY KEY (story, position)
);
CREATE INDEX story_reports_by_report ON story_reports (report);

CREATE TABLE families (
    id   TEXT PRIMARY KEY,
    body TEXT NOT NULL
);

CREATE TABLE family_members (
    family   TEXT    NOT NULL REFERENCES families (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    report   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    PRIMARY KEY (family, position)
);
CREATE INDEX family_members_by_report ON family_members (report);

-- From the report that copies to the one that it copies, if that can be told; else in the order of their rows.
CREATE TABLE copy_links (
    a           INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    b           INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    kind        TEXT    NOT NULL,
    containment REAL    NOT NULL,
    body        TEXT    NOT NULL,
    PRIMARY KEY (a, b)
);
CREATE INDEX copy_links_by_b ON copy_links (b);
