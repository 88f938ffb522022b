-- An access boundary beside teams and groups: whose data somebody may see can end with it.
CREATE TABLE division (
  key {key},
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  archived INTEGER NOT NULL DEFAULT 0
);
-- Dated: from this workday on, until the next row. Null: in none.
CREATE TABLE person_division (
  person BIGINT NOT NULL REFERENCES person(key),
  from_day INTEGER NOT NULL,
  division BIGINT REFERENCES division(key),
  PRIMARY KEY (person, from_day)
) {clustered};
CREATE INDEX person_division_division ON person_division(division);
