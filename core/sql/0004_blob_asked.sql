-- 0004: whole files of others' photos that somebody here wants to see. The
-- small pictures come by themselves: those are a query, not a list.
CREATE TABLE blob_asked (
    name BLOB PRIMARY KEY CHECK (length(name) = 32),
    event INTEGER NOT NULL REFERENCES event (id) -- that named it
) STRICT, WITHOUT ROWID;
