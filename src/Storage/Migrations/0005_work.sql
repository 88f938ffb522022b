-- What is due and not done. One row per kind and subject, however often it is asked for.
CREATE TABLE work (
  key {key},
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  due BIGINT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  leased_until BIGINT NOT NULL DEFAULT 0,
  -- Asked for again while it ran.
  again INTEGER NOT NULL DEFAULT 0,
  done BIGINT NOT NULL DEFAULT 0,
  total BIGINT NOT NULL DEFAULT 0,
  error TEXT,
  UNIQUE (kind, subject)
);
CREATE INDEX work_due ON work (due);
