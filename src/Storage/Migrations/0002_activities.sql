-- What came in. Sources and types are dictionaries; identities stay for ever in a narrow table of their own.
CREATE TABLE source (
  key {key},
  id TEXT NOT NULL UNIQUE
);
CREATE TABLE activity_type (
  key {key},
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  definition TEXT NOT NULL
);
-- activity is null while the identity is held or void.
CREATE TABLE activity_key (
  source BIGINT NOT NULL,
  id {blob} NOT NULL,
  version BIGINT NOT NULL,
  content BIGINT NOT NULL,
  activity BIGINT,
  PRIMARY KEY (source, id)
) {clustered};
CREATE TABLE activity (
  key {key},
  source BIGINT NOT NULL,
  id {blob} NOT NULL,
  type BIGINT NOT NULL,
  person BIGINT,
  team BIGINT,
  at BIGINT NOT NULL,
  day INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX activity_day ON activity (day, person, at);
-- Waiting for their person to be known; the whole activity as it came.
CREATE TABLE held (
  source BIGINT NOT NULL,
  id {blob} NOT NULL,
  person_id TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (source, id)
) {clustered};
CREATE INDEX held_person ON held (person_id);
