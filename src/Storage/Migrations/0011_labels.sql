-- Of metrics that count the different texts of a label: which texts, and how often each, beside the rollup of the same workday.
CREATE TABLE label_rollup (
  metric BIGINT NOT NULL,
  day INTEGER NOT NULL,
  person BIGINT NOT NULL,
  label TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (metric, day, person, label)
) {clustered};
CREATE TABLE team_label_rollup (
  metric BIGINT NOT NULL,
  day INTEGER NOT NULL,
  team BIGINT NOT NULL,
  label TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (metric, day, team, label)
) {clustered};
