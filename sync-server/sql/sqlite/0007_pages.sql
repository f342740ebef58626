-- 0007: what the pages about one record look up. A photo, person, vehicle or
-- row says in its body what it hangs on; children.h fills this from there.
CREATE TABLE child (
    council BLOB NOT NULL,
    parent BLOB NOT NULL,
    position INTEGER NOT NULL, -- of its create
    record BLOB NOT NULL,
    kind INTEGER NOT NULL,
    PRIMARY KEY (council, parent, position)
) WITHOUT ROWID;
-- Few events are of these, so the indexes cost the others nothing.
CREATE INDEX event_said ON event (council, op, position)
    WHERE op IN (22, 23, 25); -- ask, answer, review
CREATE INDEX event_patrol ON event (council, op, position)
    WHERE op = 11; -- patrol-start
CREATE INDEX event_key ON event (council, kind, position)
    WHERE kind = 16; -- key
