-- name and description are JSON by language.
CREATE TABLE achievement (
  key {key},
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  area TEXT NOT NULL,
  badge TEXT NOT NULL,
  type TEXT NOT NULL,
  repeat TEXT NOT NULL,
  visibility TEXT NOT NULL,
  counts_from INTEGER NOT NULL,
  position INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE achievement_version (
  achievement BIGINT NOT NULL REFERENCES achievement(key),
  number INTEGER NOT NULL,
  effective INTEGER NOT NULL,
  rule TEXT NOT NULL,
  PRIMARY KEY (achievement, number)
) {clustered};
-- until is the first workday on which it is off again; null while it is on.
CREATE TABLE achievement_span (
  achievement BIGINT NOT NULL REFERENCES achievement(key),
  from_day INTEGER NOT NULL,
  until INTEGER,
  PRIMARY KEY (achievement, from_day)
) {clustered};
-- One per person, achievement, tier and occasion. earned_at and value are derived and may move; announced_at never does.
CREATE TABLE award (
  key {key},
  achievement BIGINT NOT NULL REFERENCES achievement(key),
  tier INTEGER NOT NULL,
  person BIGINT NOT NULL REFERENCES person(key),
  occasion TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  earned_at BIGINT NOT NULL,
  announced_at BIGINT NOT NULL,
  value BIGINT NOT NULL,
  awarded_by BIGINT REFERENCES person(key),
  note TEXT,
  flagged_at BIGINT,
  revoked_at BIGINT,
  revoked_by BIGINT REFERENCES person(key),
  revoke_reason TEXT,
  UNIQUE (achievement, tier, person, occasion)
);
CREATE INDEX award_person ON award (person, earned_at);
CREATE INDEX award_earned ON award (earned_at);
