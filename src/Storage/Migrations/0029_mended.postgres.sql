-- When the highest tier was earned last: a date beside a tier is that tier's own. Weekly badges bring lower tiers later.
ALTER TABLE holding ADD COLUMN tier_newest BIGINT NOT NULL DEFAULT 0;
UPDATE holding SET tier_newest = (SELECT max(w.earned_at) FROM award w
  WHERE w.achievement = holding.achievement AND w.tier = holding.tier AND w.person = holding.person AND w.revoked_at IS NULL);
DROP INDEX holding_order;
CREATE INDEX holding_order ON holding (achievement, tier, tier_newest);

-- In the order of their keys, as before.
CREATE OR REPLACE FUNCTION award_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO holding (achievement, person, tier, times, newest, tier_newest)
  SELECT achievement, person, max(tier), count(*), max(earned_at), (array_agg(earned_at ORDER BY tier DESC, earned_at DESC))[1]
  FROM added WHERE revoked_at IS NULL GROUP BY achievement, person ORDER BY achievement, person
  ON CONFLICT (achievement, person) DO UPDATE SET
    tier_newest = CASE WHEN excluded.tier < holding.tier THEN holding.tier_newest
      WHEN excluded.tier = holding.tier AND excluded.tier_newest < holding.tier_newest THEN holding.tier_newest
      ELSE excluded.tier_newest END,
    tier = greatest(holding.tier, excluded.tier), times = holding.times + excluded.times, newest = greatest(holding.newest, excluded.newest);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION award_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one award := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  DELETE FROM holding WHERE achievement = one.achievement AND person = one.person;
  INSERT INTO holding (achievement, person, tier, times, newest, tier_newest)
  SELECT one.achievement, one.person, max(tier), count(*), max(earned_at),
    (SELECT h.earned_at FROM award h
     WHERE h.achievement = one.achievement AND h.tier IN (0, 1, 2, 3) AND h.person = one.person AND h.revoked_at IS NULL
     ORDER BY h.tier DESC, h.earned_at DESC LIMIT 1)
  FROM award
  WHERE achievement = one.achievement AND tier IN (0, 1, 2, 3) AND person = one.person AND revoked_at IS NULL HAVING count(*) > 0;
  RETURN NULL;
END $$;

-- Time of a status that nobody ended on its day is marked as such: presence is counted anew, where there is any.
INSERT INTO work (kind, subject, due) SELECT 'presence', 'all', 0 WHERE EXISTS (SELECT 1 FROM setting WHERE name = 'presence')
ON CONFLICT (kind, subject) DO NOTHING;
