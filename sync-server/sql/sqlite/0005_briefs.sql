-- 0005: briefings and tasks are listed by kind, newest first. Few events are
-- of these kinds, so the index costs the others nothing.
CREATE INDEX event_brief ON event (council, kind, position)
    WHERE op = 1 AND kind IN (10, 11); -- create; task, briefing
