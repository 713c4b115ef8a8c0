-- What people decided, as the leaves of the log say it: `leaf` is the number of the first leaf of a decision, and by it
-- the decision is called. `laid`: incidents or stories are as it says.
CREATE TABLE decisions (
    leaf       INTEGER PRIMARY KEY,
    act        TEXT    NOT NULL,
    about      TEXT    NOT NULL,
    decided_at INTEGER NOT NULL,
    decided_by TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    undoes     INTEGER,
    undone_by  INTEGER,
    laid       INTEGER NOT NULL
);
CREATE INDEX decisions_to_lay ON decisions (leaf) WHERE NOT laid;
CREATE INDEX decisions_by_time ON decisions (decided_at);

-- What a decision is about: reports by the digest of their original, and of a report the account that begins at a byte
-- of its text and has a number; -1 for the whole report.
CREATE TABLE decided (
    decision INTEGER NOT NULL REFERENCES decisions (leaf) ON DELETE CASCADE,
    role     TEXT    NOT NULL,
    digest   BLOB    NOT NULL,
    begins   INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    PRIMARY KEY (decision, digest, number)
) WITHOUT ROWID;
CREATE INDEX decided_by_digest ON decided (digest, decision);

-- `found`: which accounts were found to be of one event; `incident`: which are, with what people decided. `link`: why an
-- account was found to be of one with another. `own_id`: what an incident is called that is named after the account.
DROP TRIGGER account_gone;
DELETE FROM incidents;
DELETE FROM told_reports;
DELETE FROM accounts;
DELETE FROM account_words;
DELETE FROM reckonings;
ALTER TABLE accounts ADD COLUMN found TEXT;
ALTER TABLE accounts ADD COLUMN link TEXT;
ALTER TABLE accounts ADD COLUMN own_id TEXT NOT NULL DEFAULT '';
CREATE INDEX accounts_by_found ON accounts (found);
CREATE INDEX accounts_by_own_id ON accounts (own_id);

-- An incident that lost an account is worked out again from the others, and so is what it was found with.
CREATE TRIGGER account_gone AFTER DELETE ON accounts WHEN OLD.incident IS NOT NULL BEGIN
    DELETE FROM told_reports WHERE withdrawn = 0
        AND report IN (SELECT report FROM accounts WHERE incident = OLD.incident OR found = OLD.found);
    DELETE FROM incidents WHERE id = OLD.incident;
END;
