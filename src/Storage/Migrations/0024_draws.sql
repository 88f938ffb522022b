-- Draws, planned and made. commitment is the SHA-256 of the seed and is shown from the planning on, the seed from the draw on.
-- state: planned, drawn, missed. chance and candidates are recorded as they were drawn by; source says how these were found.
CREATE TABLE draw (
  achievement BIGINT NOT NULL REFERENCES achievement(key),
  day INTEGER NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  commitment TEXT NOT NULL,
  committed_at BIGINT NOT NULL,
  seed TEXT NOT NULL,
  wins BIGINT NOT NULL DEFAULT 0,
  of_draws BIGINT NOT NULL DEFAULT 0,
  source TEXT NOT NULL DEFAULT '',
  candidates TEXT NOT NULL DEFAULT '[]',
  winner TEXT,
  drawn_at BIGINT,
  PRIMARY KEY (achievement, day)
) {clustered};
