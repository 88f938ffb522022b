-- When the highest tier was earned last: a date beside a tier is that tier's own. Weekly badges bring lower tiers later.
ALTER TABLE holding ADD COLUMN tier_newest INTEGER NOT NULL DEFAULT 0;
UPDATE holding SET tier_newest = (SELECT max(w.earned_at) FROM award w
  WHERE w.achievement = holding.achievement AND w.tier = holding.tier AND w.person = holding.person AND w.revoked_at IS NULL);
DROP INDEX holding_order;
CREATE INDEX holding_order ON holding (achievement, tier, tier_newest);

DROP TRIGGER award_made;
CREATE TRIGGER award_made AFTER INSERT ON award WHEN NEW.revoked_at IS NULL BEGIN
  INSERT INTO holding (achievement, person, tier, times, newest, tier_newest)
  VALUES (NEW.achievement, NEW.person, NEW.tier, 1, NEW.earned_at, NEW.earned_at)
  ON CONFLICT (achievement, person) DO UPDATE SET
    tier_newest = CASE WHEN excluded.tier < holding.tier THEN holding.tier_newest
      WHEN excluded.tier = holding.tier AND excluded.tier_newest < holding.tier_newest THEN holding.tier_newest
      ELSE excluded.tier_newest END,
    tier = max(holding.tier, excluded.tier), times = holding.times + 1, newest = max(holding.newest, excluded.newest);
END;

DROP TRIGGER award_moved;
CREATE TRIGGER award_moved AFTER UPDATE OF earned_at, revoked_at ON award
WHEN OLD.earned_at <> NEW.earned_at OR (OLD.revoked_at IS NULL) <> (NEW.revoked_at IS NULL) BEGIN
  DELETE FROM holding WHERE achievement = NEW.achievement AND person = NEW.person;
  INSERT INTO holding (achievement, person, tier, times, newest, tier_newest)
  SELECT NEW.achievement, NEW.person, max(tier), count(*), max(earned_at),
    (SELECT h.earned_at FROM award h
     WHERE h.achievement = NEW.achievement AND h.tier IN (0, 1, 2, 3) AND h.person = NEW.person AND h.revoked_at IS NULL
     ORDER BY h.tier DESC, h.earned_at DESC LIMIT 1)
  FROM award
  WHERE achievement = NEW.achievement AND tier IN (0, 1, 2, 3) AND person = NEW.person AND revoked_at IS NULL HAVING count(*) > 0;
END;

DROP TRIGGER award_gone;
CREATE TRIGGER award_gone AFTER DELETE ON award WHEN OLD.revoked_at IS NULL BEGIN
  DELETE FROM holding WHERE achievement = OLD.achievement AND person = OLD.person;
  INSERT INTO holding (achievement, person, tier, times, newest, tier_newest)
  SELECT OLD.achievement, OLD.person, max(tier), count(*), max(earned_at),
    (SELECT h.earned_at FROM award h
     WHERE h.achievement = OLD.achievement AND h.tier IN (0, 1, 2, 3) AND h.person = OLD.person AND h.revoked_at IS NULL
     ORDER BY h.tier DESC, h.earned_at DESC LIMIT 1)
  FROM award
  WHERE achievement = OLD.achievement AND tier IN (0, 1, 2, 3) AND person = OLD.person AND revoked_at IS NULL HAVING count(*) > 0;
END;

-- Time of a status that nobody ended on its day is marked as such: presence is counted anew, where there is any.
INSERT INTO work (kind, subject, due) SELECT 'presence', 'all', 0 WHERE EXISTS (SELECT 1 FROM setting WHERE name = 'presence')
ON CONFLICT (kind, subject) DO NOTHING;
