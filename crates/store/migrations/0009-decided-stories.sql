-- The story that a report is shown in, where people decided otherwise than was found. `decided`: no report was found to
-- be of this story; people put reports into one of their own.
CREATE TABLE decided_reports (
    report INTEGER PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    story  INTEGER NOT NULL REFERENCES stories (key)
);
CREATE INDEX decided_reports_by_story ON decided_reports (story);
ALTER TABLE stories ADD COLUMN decided INTEGER NOT NULL DEFAULT 0;
