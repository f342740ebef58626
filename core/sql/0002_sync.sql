-- 0002: pages as the server signed them, so that a server restored from a
-- backup can be given back, with its own signature, what it had sent.
CREATE TABLE sync_page (
    id INTEGER PRIMARY KEY,
    seal BLOB NOT NULL,   -- COSE_Sign1 by the server
    leaves BLOB NOT NULL, -- CBOR: the array whose hash the page signs
    refs BLOB NOT NULL    -- CBOR: [* [incarnation, sequence]], same order
) STRICT;
