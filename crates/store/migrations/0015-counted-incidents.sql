-- By what the map counts incidents: it asks how many there are beside those that it shows, and their bodies are large.
CREATE INDEX incidents_counted ON incidents (latitude, longitude, first_day, last_day, acts, place, claims) WHERE claims > 0;
-- By what is near: other incidents of the same place.
CREATE INDEX incidents_by_place ON incidents (place);
