-- 0002: orders about one record: hold, release, erase. Each is an event of
-- ours, too; by these rows the service decides.
CREATE TABLE orders (
    council BLOB NOT NULL,
    id BLOB NOT NULL,          -- the same after a restore
    op INTEGER NOT NULL,       -- 30 hold, 31 release, 32 erase-body
    record BLOB NOT NULL,
    root BLOB NOT NULL,        -- the record that was named: it, or above it
    officer BLOB NOT NULL,     -- zeros: not said
    reason TEXT NOT NULL,
    position INTEGER NOT NULL, -- of our event
    made_ms INTEGER NOT NULL,
    PRIMARY KEY (council, id)
) WITHOUT ROWID;
CREATE INDEX orders_record ON orders (council, record);

-- Every order before this position was carried out on that tablet.
CREATE TABLE device_orders (
    council BLOB NOT NULL,
    device BLOB NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (council, device)
) WITHOUT ROWID;

-- 0 no, 1 ordered, the file may still be there, 2 the file is gone.
ALTER TABLE blob ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
