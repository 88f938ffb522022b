-- People who belong together beside their teams: shifts, skills, newcomers.
CREATE TABLE people_group (
  key {key},
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
);
-- until is the first workday on which somebody is not in it any more; null while one is.
CREATE TABLE group_member (
  person BIGINT NOT NULL REFERENCES person(key),
  people_group BIGINT NOT NULL REFERENCES people_group(key),
  from_day INTEGER NOT NULL,
  until INTEGER,
  PRIMARY KEY (person, people_group, from_day)
) {clustered};
-- Dated once a role has changed; whoever has no row has always had the role of person.role.
CREATE TABLE person_role (
  person BIGINT NOT NULL REFERENCES person(key),
  from_day INTEGER NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (person, from_day)
) {clustered};
-- JSON: who can earn it from this version on; null for everybody.
ALTER TABLE achievement_version ADD COLUMN audience TEXT;
