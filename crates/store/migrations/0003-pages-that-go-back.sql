-- A page may go back to what it showed before: the same original is met at the same place at another time.
CREATE TABLE sightings_by_time (
    id          INTEGER PRIMARY KEY,
    digest      BLOB    NOT NULL REFERENCES originals (digest),
    source      TEXT    NOT NULL,
    line        INTEGER NOT NULL,
    byte_offset INTEGER NOT NULL,
    hints       TEXT    NOT NULL,
    seen_at     INTEGER NOT NULL,
    UNIQUE (digest, source, line, byte_offset, seen_at)
);
INSERT INTO sightings_by_time SELECT id, digest, source, line, byte_offset, hints, seen_at FROM sightings;
DROP TABLE sightings;
ALTER TABLE sightings_by_time RENAME TO sightings;
CREATE INDEX sightings_by_source ON sightings (source, seen_at);
