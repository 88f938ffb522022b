-- Product areas that are switched off; one that is not here is on.
CREATE TABLE area_off (
  area TEXT PRIMARY KEY
);
-- Switched on, and off as long as its area is: it has no open span then.
ALTER TABLE achievement ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
DROP VIEW present_achievement;
CREATE VIEW present_achievement AS
SELECT key FROM achievement WHERE testing = 0 AND area NOT IN (SELECT area FROM area_off);
