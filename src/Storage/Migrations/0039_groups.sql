-- Not offered any more; who is in it stays.
ALTER TABLE people_group ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
