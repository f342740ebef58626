-- 0005: hand-over files of other tablets that this one carries to the
-- council. It can't open them.
CREATE TABLE parcel (
    name BLOB PRIMARY KEY CHECK (length(name) = 32), -- SHA-256 of the file
    size INTEGER NOT NULL,                           -- bytes
    -- 0 waits, 1 delivered, 2 the server refused it: `words` says why
    state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),
    words TEXT NOT NULL DEFAULT '',
    answer BLOB,              -- for its author; NULL: none yet
    taken_ms INTEGER NOT NULL -- wall clock, UTC
) STRICT, WITHOUT ROWID;
