-- Who works here and where. {key} is a surrogate integer key, {blob} bytes, {clustered} a table ordered by its key.
CREATE TABLE site (
  key {key},
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  zone TEXT NOT NULL,
  -- The last workday whose end plus grace time has passed; everything that is decided at a period's end follows from it.
  closed_through INTEGER NOT NULL
);
CREATE TABLE team (
  key {key},
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  site BIGINT NOT NULL REFERENCES site(key)
);
CREATE TABLE person (
  key {key},
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  email TEXT UNIQUE,
  role TEXT NOT NULL DEFAULT 'agent',
  active INTEGER NOT NULL DEFAULT 1,
  invented INTEGER NOT NULL DEFAULT 0,
  lang TEXT,
  featured TEXT,
  created_at BIGINT NOT NULL
);
-- Dated facts: from this workday on, until the next row.
CREATE TABLE person_team (
  person BIGINT NOT NULL REFERENCES person(key),
  from_day INTEGER NOT NULL,
  team BIGINT NOT NULL REFERENCES team(key),
  PRIMARY KEY (person, from_day)
) {clustered};
CREATE TABLE person_site (
  person BIGINT NOT NULL REFERENCES person(key),
  from_day INTEGER NOT NULL,
  site BIGINT NOT NULL REFERENCES site(key),
  PRIMARY KEY (person, from_day)
) {clustered};
CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
-- Who changed which rule, right or award. Names of the changed things stay readable after they are gone.
CREATE TABLE audit (
  key {key},
  at BIGINT NOT NULL,
  actor BIGINT REFERENCES person(key),
  actor_name TEXT NOT NULL,
  via TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  change TEXT NOT NULL
);
CREATE INDEX audit_at ON audit(at);
