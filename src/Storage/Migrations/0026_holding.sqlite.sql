-- Who holds what now: of each person and achievement the highest tier, how often it was earned, and the newest time. Derived from
-- awards that are not revoked, and kept by triggers: whoever writes an award cannot forget it. Holders, rarity and leaderboards of
-- badges are read from here, for nobody can count a year of daily badges on each look at a page.
CREATE TABLE holding (
  achievement INTEGER NOT NULL,
  person INTEGER NOT NULL,
  tier INTEGER NOT NULL,
  times INTEGER NOT NULL,
  newest INTEGER NOT NULL,
  PRIMARY KEY (achievement, person)
) WITHOUT ROWID;
CREATE INDEX holding_order ON holding (achievement, tier, newest);
CREATE INDEX holding_person ON holding (person);

INSERT INTO holding (achievement, person, tier, times, newest)
SELECT achievement, person, max(tier), count(*), max(earned_at) FROM award WHERE revoked_at IS NULL GROUP BY achievement, person;

CREATE TRIGGER award_made AFTER INSERT ON award WHEN NEW.revoked_at IS NULL BEGIN
  INSERT INTO holding (achievement, person, tier, times, newest) VALUES (NEW.achievement, NEW.person, NEW.tier, 1, NEW.earned_at)
  ON CONFLICT (achievement, person) DO UPDATE SET
    tier = max(holding.tier, excluded.tier), times = holding.times + 1, newest = max(holding.newest, excluded.newest);
END;

-- The tiers are named so that the unique key of awards finds them.
CREATE TRIGGER award_moved AFTER UPDATE OF earned_at, revoked_at ON award
WHEN OLD.earned_at <> NEW.earned_at OR (OLD.revoked_at IS NULL) <> (NEW.revoked_at IS NULL) BEGIN
  DELETE FROM holding WHERE achievement = NEW.achievement AND person = NEW.person;
  INSERT INTO holding (achievement, person, tier, times, newest)
  SELECT NEW.achievement, NEW.person, max(tier), count(*), max(earned_at) FROM award
  WHERE achievement = NEW.achievement AND tier IN (0, 1, 2, 3) AND person = NEW.person AND revoked_at IS NULL HAVING count(*) > 0;
END;

CREATE TRIGGER award_gone AFTER DELETE ON award WHEN OLD.revoked_at IS NULL BEGIN
  DELETE FROM holding WHERE achievement = OLD.achievement AND person = OLD.person;
  INSERT INTO holding (achievement, person, tier, times, newest)
  SELECT OLD.achievement, OLD.person, max(tier), count(*), max(earned_at) FROM award
  WHERE achievement = OLD.achievement AND tier IN (0, 1, 2, 3) AND person = OLD.person AND revoked_at IS NULL HAVING count(*) > 0;
END;
