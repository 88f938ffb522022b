-- Recalculations of a range that somebody asked for. state: planning, planned, running, done.
-- achievements and people are JSON lists of keys; people null is everybody. newest: the conditions of now judge the range.
CREATE TABLE recalculation (
  key {key},
  state TEXT NOT NULL,
  achievements TEXT NOT NULL,
  people TEXT,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  newest INTEGER NOT NULL,
  judged INTEGER NOT NULL DEFAULT 0,
  asked_key BIGINT REFERENCES person(key),
  asked_by TEXT NOT NULL,
  via TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  planned_at BIGINT,
  confirmed_at BIGINT,
  done_at BIGINT
);
-- What the plan foresaw (made 0) and what was done (made 1).
CREATE TABLE recalculation_line (
  recalculation BIGINT NOT NULL REFERENCES recalculation(key),
  made INTEGER NOT NULL,
  effect TEXT NOT NULL,
  achievement BIGINT NOT NULL REFERENCES achievement(key),
  person BIGINT NOT NULL REFERENCES person(key),
  tier INTEGER NOT NULL,
  occasion TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  earned_at BIGINT NOT NULL,
  value BIGINT NOT NULL,
  reason TEXT,
  PRIMARY KEY (recalculation, made, person, achievement, tier, occasion)
) {clustered};
