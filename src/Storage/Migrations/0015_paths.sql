-- Achievements that are earned in order.
CREATE TABLE path (
  key {key},
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  position INTEGER NOT NULL
);

-- The order as it stands; what somebody was looked at by on a workday stands with the versions of each step.
CREATE TABLE path_step (
  path BIGINT NOT NULL REFERENCES path (key),
  position INTEGER NOT NULL,
  achievement BIGINT NOT NULL UNIQUE REFERENCES achievement (key),
  PRIMARY KEY (path, position)
);

-- The step before it, from this version on.
ALTER TABLE achievement_version ADD COLUMN after_step BIGINT REFERENCES achievement (key);
