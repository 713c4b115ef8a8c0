-- Lists that begin with the newest, undated rows last.
CREATE INDEX reports_newest ON reports (coalesce(published, ''), id);
CREATE INDEX stories_newest ON stories (coalesce(last_day, first_day, ''), id);
CREATE INDEX incidents_newest ON incidents (coalesce(last_day, first_day, ''), id);
