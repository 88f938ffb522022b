-- Each run of laurel import: what it read, what it brought in, and whether it was taken back. Its answers are counted with each batch, in
-- the batch's own transaction.
CREATE TABLE import (
  key {key},
  source TEXT NOT NULL,
  -- The mapping's name and the SHA-256 of its text; the files as JSON: name, bytes, sha256.
  mapping TEXT NOT NULL,
  mapping_sha256 TEXT NOT NULL,
  files TEXT NOT NULL,
  begun_by TEXT NOT NULL,
  begun_at BIGINT NOT NULL,
  -- Null while it runs, and for ever where it was killed.
  ended_at BIGINT,
  -- The newest activity before it: its own have greater keys.
  after_activity BIGINT NOT NULL,
  read_rows BIGINT NOT NULL DEFAULT 0,
  accepted BIGINT NOT NULL DEFAULT 0,
  duplicate BIGINT NOT NULL DEFAULT 0,
  held BIGINT NOT NULL DEFAULT 0,
  rejected BIGINT NOT NULL DEFAULT 0,
  undo_begun_at BIGINT,
  undone_at BIGINT,
  voided BIGINT NOT NULL DEFAULT 0,
  dropped BIGINT NOT NULL DEFAULT 0
);
-- By which run a version came that is in force, or waits; null by any other door.
ALTER TABLE activity ADD COLUMN import BIGINT;
ALTER TABLE held ADD COLUMN import BIGINT;
