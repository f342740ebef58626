-- 0004: records that a person may have to decide about. A list to look
-- through: whether one is in conflict, its events say. Records that were
-- changed before this table was made are looked at once.
CREATE TABLE conflict (
    council BLOB NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (council, record)
) WITHOUT ROWID;
INSERT INTO conflict (council, record)
    SELECT DISTINCT council, record FROM event
    WHERE op IN (2, 3, 26) AND kind NOT IN (30, 31); -- set, strike, resolve
