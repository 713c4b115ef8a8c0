-- What reports are found by moves on in lots: see `lots.rs`.
CREATE TABLE prints_later (
    print  INTEGER NOT NULL,
    report INTEGER NOT NULL,
    PRIMARY KEY (print, report)
) WITHOUT ROWID;
CREATE TABLE prints_latest (
    print  INTEGER NOT NULL,
    report INTEGER NOT NULL,
    PRIMARY KEY (print, report)
) WITHOUT ROWID;
CREATE VIEW prints_all AS
    SELECT print, report FROM prints
    UNION ALL SELECT print, report FROM prints_later
    UNION ALL SELECT print, report FROM prints_latest;

CREATE TABLE telling_later (
    term   INTEGER NOT NULL,
    day    INTEGER NOT NULL,
    report INTEGER NOT NULL,
    PRIMARY KEY (term, day, report)
) WITHOUT ROWID;
CREATE TABLE telling_latest (
    term   INTEGER NOT NULL,
    day    INTEGER NOT NULL,
    report INTEGER NOT NULL,
    PRIMARY KEY (term, day, report)
) WITHOUT ROWID;
CREATE VIEW telling_all AS
    SELECT term, day, report FROM telling
    UNION ALL SELECT term, day, report FROM telling_later
    UNION ALL SELECT term, day, report FROM telling_latest;
