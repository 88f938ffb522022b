-- Achievements whose rule failed while it was decided. While active nothing is decided by them, so that all else goes on; otherwise
-- their whole history is being decided anew. rules: the version of the rules that it failed by.
CREATE TABLE set_aside (
  achievement BIGINT PRIMARY KEY REFERENCES achievement(key),
  active INTEGER NOT NULL,
  since BIGINT NOT NULL,
  tried BIGINT NOT NULL,
  rules BIGINT NOT NULL,
  error TEXT NOT NULL
);
