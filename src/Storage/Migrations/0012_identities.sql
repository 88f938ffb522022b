-- Who is meant by the ids of other systems. state: linked, unlinked or ignored; a linked one names a person or a team.
CREATE TABLE external_identity (
  key {key},
  provider TEXT NOT NULL,
  external TEXT NOT NULL,
  state TEXT NOT NULL,
  person BIGINT REFERENCES person(key),
  team BIGINT REFERENCES team(key),
  UNIQUE (provider, external)
);
-- Activities that came by an identity, so that they go with it when it is linked otherwise. Rows of activities that a correction has
-- replaced stay: their keys never come again.
CREATE TABLE activity_of_identity (
  identity BIGINT NOT NULL,
  activity BIGINT NOT NULL,
  PRIMARY KEY (identity, activity)
) {clustered};
