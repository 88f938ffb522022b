-- What people set out to reach. metric is the version that was the newest when the goal was made; a proposal has no terms yet.
CREATE TABLE goal (
  key {key},
  person BIGINT NOT NULL REFERENCES person(key),
  metric BIGINT NOT NULL REFERENCES metric(key),
  comparison TEXT NOT NULL,
  period TEXT NOT NULL,
  from_day INTEGER NOT NULL,
  until INTEGER,
  -- Last workday before it was given up.
  closed INTEGER,
  -- Weeks between two looks at it together; null for none.
  review_weeks INTEGER,
  made_at BIGINT NOT NULL
);
CREATE INDEX goal_person ON goal (person);
-- What it asks for from a workday on. Only agreed_at comes later, once.
CREATE TABLE goal_terms (
  goal BIGINT NOT NULL REFERENCES goal(key),
  number INTEGER NOT NULL,
  effective INTEGER NOT NULL,
  metric BIGINT NOT NULL REFERENCES metric(key),
  target BIGINT NOT NULL,
  sample INTEGER NOT NULL,
  by_leader INTEGER NOT NULL,
  at BIGINT NOT NULL,
  agreed_at BIGINT,
  PRIMARY KEY (goal, number)
) {clustered};
-- Who said what and when: set, proposed, accepted, commented, changed, reviewed, closed. Nothing is taken away.
CREATE TABLE goal_entry (
  goal BIGINT NOT NULL REFERENCES goal(key),
  number INTEGER NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  by_leader INTEGER NOT NULL,
  author BIGINT REFERENCES person(key),
  target BIGINT,
  words TEXT,
  PRIMARY KEY (goal, number)
) {clustered};
