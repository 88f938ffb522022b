-- A change to a metric makes a new version with rollups of its own; a rule names the version.
CREATE TABLE metric (
  key {key},
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  -- Kept for one rule only and not shown.
  hidden INTEGER NOT NULL DEFAULT 0,
  -- Activities up to this key are in the rollups; ready when new ones are added as they come.
  built_through BIGINT NOT NULL DEFAULT 0,
  ready INTEGER NOT NULL DEFAULT 0,
  position INTEGER NOT NULL DEFAULT 0,
  UNIQUE (id, version)
);
CREATE TABLE rollup (
  metric BIGINT NOT NULL,
  day INTEGER NOT NULL,
  person BIGINT NOT NULL,
  count BIGINT NOT NULL,
  sum BIGINT NOT NULL,
  least BIGINT NOT NULL,
  greatest BIGINT NOT NULL,
  PRIMARY KEY (metric, day, person)
) {clustered};
-- Work that no person did belongs to a team.
CREATE TABLE team_rollup (
  metric BIGINT NOT NULL,
  day INTEGER NOT NULL,
  team BIGINT NOT NULL,
  count BIGINT NOT NULL,
  sum BIGINT NOT NULL,
  least BIGINT NOT NULL,
  greatest BIGINT NOT NULL,
  PRIMARY KEY (metric, day, team)
) {clustered};
