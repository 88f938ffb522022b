-- What people tell of themselves. bio: plain text; languages: BCP 47 tags with commas between; completed_at: when bio and photo were first
-- there together, which is told once.
CREATE TABLE profile (
  person BIGINT PRIMARY KEY REFERENCES person(key),
  bio TEXT,
  languages TEXT NOT NULL DEFAULT '',
  completed_at BIGINT
);
-- Rebuilt of nothing but what draws them. hash: of the bytes, so that an address never shows another picture.
CREATE TABLE photo (
  person BIGINT PRIMARY KEY REFERENCES person(key),
  hash TEXT NOT NULL,
  media_type TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  bytes {blob} NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX photo_hash ON photo (hash);
-- Badges that were chosen to be shown beside names before anybody told of it.
INSERT INTO work (kind, subject, due) SELECT 'own-activity', 'badge-featured ' || p.key || ' ' || a.key || ' -', 0
  FROM person p JOIN achievement a ON a.id = p.featured;
