-- 0006: what people asked of a record and thought of it is looked for among
-- all events each time the home screen is drawn.
CREATE INDEX event_said ON event (record) WHERE op IN (22, 25); -- ask, review
