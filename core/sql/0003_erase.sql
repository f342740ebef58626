-- 0003: what became of a record whose content isn't here, and the files
-- that are to be removed once the save that dropped them is durable.
ALTER TABLE record ADD COLUMN gone INTEGER NOT NULL DEFAULT 0
    CHECK (gone IN (0, 1, 2)); -- all here, kept by the council, erased

CREATE TABLE doomed (
    name BLOB PRIMARY KEY CHECK (length(name) = 32) -- of a blob's file
) STRICT, WITHOUT ROWID;

-- Up to which event the council's server had everything, and when: no own
-- event up to this one waited. What is old enough may be pruned.
CREATE TABLE prune_mark (
    at_ms INTEGER PRIMARY KEY, -- the server's clock, UTC
    event INTEGER NOT NULL     -- event.id
) STRICT;
