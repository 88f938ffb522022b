-- Whether colleagues see the person's badges, as far as the organisation lets them.
ALTER TABLE person ADD COLUMN shares_badges INTEGER NOT NULL DEFAULT 1;
-- Who used Laurel on which day, for reports of how many did.
CREATE TABLE visit (
  day INTEGER NOT NULL,
  person BIGINT NOT NULL REFERENCES person(key),
  PRIMARY KEY (day, person)
) {clustered};
-- Awards that no longer hold are few among many, and are listed for those who may revoke.
CREATE INDEX award_flagged ON award (person) WHERE flagged_at IS NOT NULL AND revoked_at IS NULL;
