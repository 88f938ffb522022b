-- Each notice is read by itself: up to here all up to a number were. When those were is not known; not before they were told.
ALTER TABLE notice ADD COLUMN read_at BIGINT;
UPDATE notice SET read_at = at
WHERE EXISTS (SELECT 1 FROM notice_seen s WHERE s.person = notice.person AND s.number >= notice.number);
DROP TABLE notice_seen;
CREATE INDEX notice_unread ON notice (person, number) WHERE read_at IS NULL;
-- The newest group of a person: what was not looked at yet grows.
CREATE INDEX notice_group ON notice (person, number) WHERE kind = 'awards';
