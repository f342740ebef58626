-- 0006: calls for help and promised check-ins are looked for by each page of
-- the console. Few events are of these operations.
CREATE INDEX event_alarm ON event (council, op, position)
    WHERE op IN (33, 34); -- sos, check-in
