-- What was told of goals that were reached: the version of the activity that says so, and its moment; null where it was taken back.
CREATE TABLE goal_reached (
  goal BIGINT NOT NULL REFERENCES goal(key),
  -- First workday of the period.
  first_day INTEGER NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT,
  PRIMARY KEY (goal, first_day)
) {clustered};
-- What was reached before anybody told of it.
INSERT INTO work (kind, subject, due) SELECT 'goal-reached', '' || person, 0 FROM goal WHERE key IN (SELECT goal FROM goal_terms)
  GROUP BY person;
