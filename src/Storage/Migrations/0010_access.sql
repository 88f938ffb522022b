-- How people prove who they are, what keys programs hold, and what several nodes must share to read each other's cookies.
CREATE TABLE credential (
  person BIGINT PRIMARY KEY REFERENCES person(key),
  -- Null where a person signs in without one (the demo).
  password TEXT,
  -- The password was given by somebody else and must be replaced at the next sign-in.
  must_change INTEGER NOT NULL DEFAULT 0,
  -- A session carries the stamp of its beginning; whatever ends all sessions writes a new one.
  stamp TEXT NOT NULL,
  last_seen BIGINT
);
-- Wrong tries by the name that was typed, whether or not there is such a person: so an unknown name behaves like a known one.
CREATE TABLE sign_in_failure (
  name TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_at BIGINT NOT NULL,
  locked_until BIGINT NOT NULL
);
-- Teams beside the own one whose people a leader sees.
CREATE TABLE managed_team (
  person BIGINT NOT NULL REFERENCES person(key),
  team BIGINT NOT NULL REFERENCES team(key),
  PRIMARY KEY (person, team)
) {clustered};
CREATE TABLE api_key (
  key {key},
  -- Readable, part of the key's text; only the hash of the rest is kept.
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  hash {blob} NOT NULL,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  revoked_at BIGINT
);
CREATE TABLE data_protection_key (
  id TEXT PRIMARY KEY,
  xml TEXT NOT NULL
);
