-- What came since a moment is found without looking at all that was there before.
CREATE INDEX originals_by_receipt ON originals (received_at);
CREATE INDEX sightings_by_time ON sightings (seen_at);
CREATE INDEX tasks_by_try ON tasks (tried_at) WHERE tried_at IS NOT NULL;
