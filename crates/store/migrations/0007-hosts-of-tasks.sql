-- What is due is taken in turns, host by host, so that one with many pages does not keep the others waiting.
ALTER TABLE tasks ADD COLUMN host TEXT GENERATED ALWAYS AS (
    lower(substr(
        address,
        instr(address, '://') + 3,
        instr(substr(address, instr(address, '://') + 3) || '/', '/') - 1
    ))
) VIRTUAL;
DROP INDEX tasks_by_due;
CREATE INDEX tasks_by_host ON tasks (host, due_at, id) WHERE state IN ('waiting', 'failed');
