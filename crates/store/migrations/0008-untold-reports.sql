-- What a report tells of events, as reading found it, until it is put to incidents: opaque here. Reports that were read before
-- this table was there have none, and are read once more.
CREATE TABLE untold_reports (
    report INTEGER PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    told   TEXT NOT NULL
);
