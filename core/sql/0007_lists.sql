-- 0007: screens ask for the newest records, for those of a patrol and for the
-- few that are refused or in conflict, and whether a share came, after each
-- save: none of it may look at every record.
CREATE INDEX event_share ON event (id) WHERE op = 29; -- share-key
CREATE INDEX record_newest ON record (created_hlc DESC, record);
CREATE INDEX record_patrol ON record (patrol, created_hlc)
    WHERE patrol IS NOT NULL;
CREATE INDEX record_refused ON record (created_hlc DESC, record)
    WHERE has_quarantined = 1;
CREATE INDEX record_conflict ON record (created_hlc DESC, record)
    WHERE has_conflict = 1;
CREATE INDEX blob_event ON blob (event);
CREATE INDEX record_own ON record (kind, tier, officer) WHERE is_own = 1;
