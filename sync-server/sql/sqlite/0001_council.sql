-- The council's database: what came in, in which order, and for whom.
-- The council leads every key, so that other engines can spread the rows.

CREATE TABLE council (
    council BLOB PRIMARY KEY,
    name TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE meta (
    council BLOB NOT NULL,
    name TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (council, name)
) WITHOUT ROWID;

-- One row for each accepted event, ours and the tablets'. link is NULL
-- while the chain before it is missing (given back by another tablet).
CREATE TABLE event (
    council BLOB NOT NULL,
    incarnation BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    device BLOB NOT NULL,
    officer BLOB NOT NULL,
    record BLOB NOT NULL,
    kind INTEGER NOT NULL,
    op INTEGER NOT NULL,
    position INTEGER NOT NULL,
    link BLOB,
    header_hash BLOB NOT NULL,
    header BLOB NOT NULL,
    salt BLOB,
    body BLOB,
    state INTEGER NOT NULL,
    code INTEGER NOT NULL,
    reason TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (council, incarnation, sequence)
);
CREATE UNIQUE INDEX event_position ON event (council, position);
CREATE INDEX event_record ON event (council, record, position);
CREATE INDEX event_received ON event (council, received_ms);

-- The other side of a fork: the same number with another header.
CREATE TABLE branch (
    council BLOB NOT NULL,
    incarnation BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    header_hash BLOB NOT NULL,
    header BLOB NOT NULL,
    salt BLOB,
    body BLOB,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (council, incarnation, sequence, header_hash)
) WITHOUT ROWID;

CREATE TABLE incarnation (
    council BLOB NOT NULL,
    incarnation BLOB NOT NULL,
    device BLOB NOT NULL,
    held INTEGER NOT NULL,
    link BLOB NOT NULL,
    state INTEGER NOT NULL,
    PRIMARY KEY (council, incarnation)
) WITHOUT ROWID;

CREATE TABLE seal (
    council BLOB NOT NULL,
    incarnation BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (council, incarnation, sequence)
) WITHOUT ROWID;

CREATE TABLE log (
    council BLOB NOT NULL,
    ordinal INTEGER NOT NULL,
    id BLOB NOT NULL,
    base INTEGER NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (council, ordinal)
) WITHOUT ROWID;
CREATE UNIQUE INDEX log_id ON log (council, id);

CREATE TABLE node (
    council BLOB NOT NULL,
    log INTEGER NOT NULL,
    level INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (council, log, level, idx)
) WITHOUT ROWID;

-- Written when an event is accepted; the position is the download's cursor.
CREATE TABLE audience (
    council BLOB NOT NULL,
    kind INTEGER NOT NULL,
    id BLOB NOT NULL,
    position INTEGER NOT NULL,
    device BLOB NOT NULL,
    PRIMARY KEY (council, kind, id, position)
) WITHOUT ROWID;

CREATE TABLE record_audience (
    council BLOB NOT NULL,
    record BLOB NOT NULL,
    kind INTEGER NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (council, record, kind, id)
) WITHOUT ROWID;

CREATE TABLE blob (
    council BLOB NOT NULL,
    name BLOB NOT NULL,
    size INTEGER NOT NULL,
    held INTEGER NOT NULL,
    position INTEGER NOT NULL,
    held_ms INTEGER NOT NULL,
    PRIMARY KEY (council, name)
) WITHOUT ROWID;

CREATE TABLE device (
    council BLOB NOT NULL,
    device BLOB NOT NULL,
    name TEXT NOT NULL,
    kiosk INTEGER NOT NULL,
    weak INTEGER NOT NULL,
    state INTEGER NOT NULL,
    seal_key BLOB NOT NULL,
    enrolled_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    revoked_position INTEGER NOT NULL,
    forked BLOB NOT NULL,
    PRIMARY KEY (council, device)
) WITHOUT ROWID;

CREATE TABLE officer (
    council BLOB NOT NULL,
    officer BLOB NOT NULL,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    active INTEGER NOT NULL,
    PRIMARY KEY (council, officer)
) WITHOUT ROWID;
CREATE UNIQUE INDEX officer_number ON officer (council, number);

CREATE TABLE officer_team (
    council BLOB NOT NULL,
    officer BLOB NOT NULL,
    team BLOB NOT NULL,
    PRIMARY KEY (council, officer, team)
) WITHOUT ROWID;

CREATE TABLE officer_role (
    council BLOB NOT NULL,
    officer BLOB NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (council, officer, role)
) WITHOUT ROWID;

CREATE TABLE team (
    council BLOB NOT NULL,
    team BLOB NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (council, team)
) WITHOUT ROWID;

CREATE TABLE device_officer (
    council BLOB NOT NULL,
    device BLOB NOT NULL,
    officer BLOB NOT NULL,
    PRIMARY KEY (council, device, officer)
) WITHOUT ROWID;

CREATE TABLE enrolment (
    council BLOB NOT NULL,
    secret BLOB NOT NULL,
    device BLOB NOT NULL,
    name TEXT NOT NULL,
    kiosk INTEGER NOT NULL,
    weak INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    used_ms INTEGER NOT NULL,
    PRIMARY KEY (council, secret)
) WITHOUT ROWID;

CREATE TABLE certificate (
    council BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    device BLOB NOT NULL,
    not_before_ms INTEGER NOT NULL,
    not_after_ms INTEGER NOT NULL,
    revoked INTEGER NOT NULL,
    PRIMARY KEY (council, fingerprint)
) WITHOUT ROWID;

CREATE TABLE alarm (
    council BLOB NOT NULL,
    id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    code INTEGER NOT NULL,
    device BLOB NOT NULL,
    incarnation BLOB NOT NULL,
    text TEXT NOT NULL,
    closed INTEGER NOT NULL,
    PRIMARY KEY (council, id)
) WITHOUT ROWID;
