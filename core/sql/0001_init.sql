-- 0001: one tablet's notebook. `event` is the truth; record, field,
-- conflict, definition, search and place are made from it and can be made
-- again. All ids of 16 bytes are UUIDs, all of 32 SHA-256 hashes.

-- Small facts by name: who this tablet is, clocks, the server's log.
CREATE TABLE meta (
    name TEXT PRIMARY KEY, -- "device", "hlc", "sync.cursor.own" ...
    value BLOB NOT NULL    -- as its owner wrote it
) STRICT, WITHOUT ROWID;

-- Each life of each device's store: one chain. Never deleted.
CREATE TABLE incarnation (
    id INTEGER PRIMARY KEY,
    incarnation BLOB NOT NULL UNIQUE CHECK (length(incarnation) = 16),
    device BLOB NOT NULL CHECK (length(device) = 16),
    is_own INTEGER NOT NULL CHECK (is_own IN (0, 1)),
    is_closed INTEGER NOT NULL DEFAULT 0 CHECK (is_closed IN (0, 1)),
    head INTEGER NOT NULL DEFAULT 0,  -- own: the last sequence written
    acked INTEGER NOT NULL DEFAULT 0, -- own: 1..acked stand in a receipt
    link BLOB NOT NULL CHECK (length(link) = 32) -- own: of the head
) STRICT;

-- The notebook's entries, own and received, in order of storing. Only body
-- and salt are ever removed, only state and reason ever changed.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    incarnation INTEGER NOT NULL REFERENCES incarnation (id),
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    branch INTEGER NOT NULL DEFAULT 0, -- > 0: a fork, another header
    record BLOB NOT NULL CHECK (length(record) = 16),
    kind INTEGER NOT NULL, -- ops.def
    op INTEGER NOT NULL,   -- ops.def
    header BLOB NOT NULL,
    link BLOB CHECK (length(link) = 32), -- own only
    salt BLOB CHECK (length(salt) = 16), -- NULL with the body
    body BLOB,                           -- NULL: erased or not held
    -- 0 applied, 1 quarantined (held, not applied), 2 repeated in a later
    -- incarnation
    state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),
    reason TEXT, -- of a quarantine, plain words; else NULL
    UNIQUE (incarnation, sequence, branch)
) STRICT;

CREATE INDEX event_record ON event (record);
CREATE INDEX event_quarantined ON event (id) WHERE state = 1;

-- COSE_Sign1 over the link of `sequence`, one for each save.
CREATE TABLE seal (
    incarnation INTEGER NOT NULL REFERENCES incarnation (id),
    sequence INTEGER NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (incarnation, sequence)
) STRICT, WITHOUT ROWID;

-- What the server signed for us. One that says nothing new isn't kept.
CREATE TABLE receipt (
    id INTEGER PRIMARY KEY,
    incarnation INTEGER NOT NULL REFERENCES incarnation (id),
    held INTEGER NOT NULL, -- events 1..held
    log_id BLOB NOT NULL CHECK (length(log_id) = 16),
    log_size INTEGER NOT NULL,
    log_root BLOB NOT NULL CHECK (length(log_root) = 32),
    receipt BLOB NOT NULL,       -- COSE_Sign1
    received_ms INTEGER NOT NULL -- wall clock, UTC
) STRICT;

-- Files that events name, by the hash of their ciphertext.
CREATE TABLE blob (
    name BLOB PRIMARY KEY CHECK (length(name) = 32),
    size INTEGER NOT NULL,                   -- bytes of ciphertext
    is_own INTEGER NOT NULL CHECK (is_own IN (0, 1)),
    receipt INTEGER REFERENCES receipt (id), -- NULL: no receipt names it yet
    event INTEGER NOT NULL REFERENCES event (id) -- that named it first
) STRICT, WITHOUT ROWID;

CREATE INDEX blob_waiting ON blob (size) WHERE is_own = 1 AND receipt IS NULL;

-- What is being typed. Not events, never synced; gone when saved.
CREATE TABLE draft (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    officer BLOB NOT NULL CHECK (length(officer) = 16),
    form TEXT NOT NULL,  -- form or category it was begun with
    data BLOB NOT NULL,  -- as the screen wrote it
    changed_ms INTEGER NOT NULL -- wall clock, UTC
) STRICT, WITHOUT ROWID;

-- Content keys of restricted records that this tablet may read. Those of
-- sealed records are never here.
CREATE TABLE content_key (
    record BLOB NOT NULL CHECK (length(record) = 16),
    key BLOB NOT NULL CHECK (length(key) = 32),
    PRIMARY KEY (record, key)
) STRICT, WITHOUT ROWID;

-- Projection: one row a record, with what lists show and sort by.
CREATE TABLE record (
    id INTEGER PRIMARY KEY, -- also of search and place
    record BLOB NOT NULL UNIQUE CHECK (length(record) = 16),
    kind INTEGER NOT NULL,  -- inside the body where the header hides it
    tier INTEGER NOT NULL CHECK (tier IN (0, 1, 2)), -- open, restricted, sealed
    form TEXT,              -- NULL: none
    form_version INTEGER,
    category TEXT,          -- NULL: none, or in conflict
    title TEXT,             -- NULL: none, or in conflict
    parent BLOB,            -- NULL: none
    parent_field INTEGER,
    patrol BLOB,            -- NULL: none
    officer BLOB,           -- of its first event; NULL: nobody
    device BLOB NOT NULL,   -- of its first event
    created_hlc INTEGER NOT NULL,
    created_ms INTEGER NOT NULL, -- wall clock of the first event
    noted_ms INTEGER,       -- when it was seen, as its author says
    changed_hlc INTEGER NOT NULL, -- of the newest event
    event_count INTEGER NOT NULL,
    is_own INTEGER NOT NULL,     -- the first event was made here
    is_struck INTEGER NOT NULL,
    has_conflict INTEGER NOT NULL,
    has_missing INTEGER NOT NULL, -- names an event that isn't held
    has_newer INTEGER NOT NULL,   -- made by a newer version
    has_quarantined INTEGER NOT NULL
) STRICT;

CREATE INDEX record_list ON record (kind, created_hlc);
CREATE INDEX record_parent ON record (parent, kind) WHERE parent IS NOT NULL;
CREATE INDEX record_title ON record (kind, title) WHERE title IS NOT NULL;

-- Projection: the values of each field; more than one is a conflict. A set
-- of codes has its members first (event NULL), then what changed it last.
CREATE TABLE field (
    record INTEGER NOT NULL,  -- record.id
    field INTEGER NOT NULL,   -- id in body.h, fields.h or the form
    ordinal INTEGER NOT NULL, -- 0.. in order of (hlc, device, incarnation)
    event INTEGER, -- event.id; NULL: a set made of several
    value BLOB,               -- CBOR; NULL: struck
    PRIMARY KEY (record, field, ordinal)
) STRICT, WITHOUT ROWID;

-- Projection: fields that a person must decide.
CREATE TABLE conflict (
    record INTEGER NOT NULL,  -- record.id
    field INTEGER NOT NULL,
    PRIMARY KEY (record, field)
) STRICT, WITHOUT ROWID;

-- Projection: forms, categories, powers, tariffs that the council published.
CREATE TABLE definition (
    kind INTEGER NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    record INTEGER NOT NULL,  -- record.id
    hlc INTEGER NOT NULL, -- the newest of one version counts
    json TEXT NOT NULL,
    PRIMARY KEY (kind, id, version, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX definition_record ON definition (record);

-- Projection: words of open records, all values of a conflict included.
CREATE VIRTUAL TABLE search USING fts5 (text);
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

-- Projection: where open records are, 1e-7 degree; a box where the place
-- is in conflict.
CREATE VIRTUAL TABLE place USING rtree_i32 (
    id, min_lat, max_lat, min_lon, max_lon
);
