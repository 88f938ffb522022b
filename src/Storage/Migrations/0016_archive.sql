-- Not listed any more unless asked for; it is off, and what was earned stays.
ALTER TABLE achievement ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
