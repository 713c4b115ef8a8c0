-- What each report tells of single events, and the incidents that these accounts are put to. All of it can be worked
-- out again from the readings.
CREATE TABLE incidents (
    id        TEXT PRIMARY KEY,
    first_day TEXT,
    last_day  TEXT,
    place     TEXT,
    acts      TEXT NOT NULL,
    body      TEXT NOT NULL
);
CREATE INDEX incidents_by_day ON incidents (first_day);

CREATE TABLE accounts (
    id       INTEGER PRIMARY KEY,
    report   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    number   INTEGER NOT NULL,
    incident TEXT,
    body     TEXT    NOT NULL,
    UNIQUE (report, number)
);
CREATE INDEX accounts_by_incident ON accounts (incident);

-- What accounts are found by, and on which day; '' for what has no day.
CREATE TABLE account_keys (
    mark    TEXT    NOT NULL,
    day     TEXT    NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (mark, day, account)
) WITHOUT ROWID;
CREATE INDEX account_keys_by_account ON account_keys (account);

-- In how many accounts a word was met.
CREATE TABLE account_words (
    word     TEXT PRIMARY KEY,
    accounts INTEGER NOT NULL
) WITHOUT ROWID;

-- Figures that count a longer time, and so belong to no incident.
CREATE TABLE reckonings (
    report   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    claim    INTEGER NOT NULL,
    place    TEXT,
    from_day TEXT,
    PRIMARY KEY (report, claim)
) WITHOUT ROWID;

-- The reports whose accounts are put to incidents. Those withdrawn show an earlier version of a page.
CREATE TABLE told_reports (
    report    INTEGER PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    withdrawn INTEGER NOT NULL
);

-- A report that is read again tells its events anew.
CREATE TRIGGER report_read_again AFTER UPDATE OF body ON reports BEGIN
    DELETE FROM accounts WHERE report = NEW.id;
    DELETE FROM reckonings WHERE report = NEW.id;
    DELETE FROM told_reports WHERE report = NEW.id;
END;

-- An incident that lost an account is worked out again from the others.
CREATE TRIGGER account_gone AFTER DELETE ON accounts WHEN OLD.incident IS NOT NULL BEGIN
    DELETE FROM told_reports WHERE withdrawn = 0 AND report IN (SELECT report FROM accounts WHERE incident = OLD.incident);
    DELETE FROM incidents WHERE id = OLD.incident;
END;
