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
) WITH (fillfactor = 80);
CREATE INDEX holding_order ON holding (achievement, tier, newest);
CREATE INDEX holding_person ON holding (person);

INSERT INTO holding (achievement, person, tier, times, newest)
SELECT achievement, person, max(tier), count(*), max(earned_at) FROM award WHERE revoked_at IS NULL GROUP BY achievement, person;

-- In the order of their keys, so that two transactions that touch the same rows wait for each other in one direction.
CREATE FUNCTION award_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO holding (achievement, person, tier, times, newest)
  SELECT achievement, person, max(tier), count(*), max(earned_at) FROM added WHERE revoked_at IS NULL
  GROUP BY achievement, person ORDER BY achievement, person
  ON CONFLICT (achievement, person) DO UPDATE SET
    tier = greatest(holding.tier, excluded.tier), times = holding.times + excluded.times, newest = greatest(holding.newest, excluded.newest);
  RETURN NULL;
END $$;
CREATE TRIGGER award_made AFTER INSERT ON award REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION award_made();

CREATE FUNCTION award_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one award := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  DELETE FROM holding WHERE achievement = one.achievement AND person = one.person;
  INSERT INTO holding (achievement, person, tier, times, newest)
  SELECT one.achievement, one.person, max(tier), count(*), max(earned_at) FROM award
  WHERE achievement = one.achievement AND tier IN (0, 1, 2, 3) AND person = one.person AND revoked_at IS NULL HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE TRIGGER award_moved AFTER UPDATE OF earned_at, revoked_at ON award FOR EACH ROW
WHEN (OLD.earned_at <> NEW.earned_at OR (OLD.revoked_at IS NULL) <> (NEW.revoked_at IS NULL)) EXECUTE FUNCTION award_moved();
CREATE TRIGGER award_gone AFTER DELETE ON award FOR EACH ROW
WHEN (OLD.revoked_at IS NULL) EXECUTE FUNCTION award_moved();
