-- Where incidents are, in degrees north and east, and how many claims are about each.
ALTER TABLE incidents ADD COLUMN latitude REAL;
ALTER TABLE incidents ADD COLUMN longitude REAL;
ALTER TABLE incidents ADD COLUMN claims INTEGER NOT NULL DEFAULT 0;
CREATE INDEX incidents_by_point ON incidents (latitude, longitude) WHERE latitude IS NOT NULL;

-- What was told before says no points: every report tells its events anew.
DROP TRIGGER account_gone;
DELETE FROM incidents;
DELETE FROM told_reports;
DELETE FROM untold_reports;
DELETE FROM accounts;
DELETE FROM account_words;
DELETE FROM reckonings;
CREATE TRIGGER account_gone AFTER DELETE ON accounts WHEN OLD.incident IS NOT NULL BEGIN
    DELETE FROM told_reports WHERE withdrawn = 0
        AND report IN (SELECT report FROM accounts WHERE incident = OLD.incident OR found = OLD.found);
    DELETE FROM incidents WHERE id = OLD.incident;
END;
