-- Who reads closed records, who may use which tablet, and what a reader
-- gets of the time before.

-- Keys that officers ask to be certified: made on a tablet, or (device
-- zero) for the console.
CREATE TABLE holder_claim (
    council BLOB NOT NULL,
    claim BLOB NOT NULL, -- record of the tablet's grant, or of our choice
    officer BLOB NOT NULL,
    device BLOB NOT NULL,
    public BLOB NOT NULL, -- x, y
    PRIMARY KEY (council, claim)
) WITHOUT ROWID;

-- Those that we certified, one for each role.
CREATE TABLE holder (
    council BLOB NOT NULL,
    holder BLOB NOT NULL, -- record of our grant: what shares name
    officer BLOB NOT NULL,
    device BLOB NOT NULL,
    role TEXT NOT NULL,
    public BLOB NOT NULL,
    revoked INTEGER NOT NULL,
    PRIMARY KEY (council, holder)
) WITHOUT ROWID;

-- Events that somebody may read since later than they were logged. Ordinals
-- count over the council, in the order of being allowed.
CREATE TABLE late (
    council BLOB NOT NULL,
    kind INTEGER NOT NULL,
    id BLOB NOT NULL,
    ordinal INTEGER NOT NULL,
    position INTEGER NOT NULL,
    device BLOB NOT NULL,
    made_ms INTEGER NOT NULL,
    PRIMARY KEY (council, kind, id, ordinal)
) WITHOUT ROWID;
CREATE UNIQUE INDEX late_ordinal ON late (council, ordinal);

-- Tablets that only the officers in device_officer may use.
CREATE TABLE device_bound (
    council BLOB NOT NULL,
    device BLOB NOT NULL,
    PRIMARY KEY (council, device)
) WITHOUT ROWID;

-- The officer that a code was made for; NULL: anybody.
ALTER TABLE enrolment ADD COLUMN officer BLOB;
