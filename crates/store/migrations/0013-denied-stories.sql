-- Stories in which somebody denies something: the map asks for all of them, and there are few among many. The words are
-- those that the JSON of such a story holds, and no other.
CREATE INDEX stories_denied ON stories (key) WHERE instr(body, '"denials":[{') > 0;
