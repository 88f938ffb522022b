-- 1: history counts from the day of enabling, and counts_from is known once that was for the first time.
ALTER TABLE achievement ADD COLUMN from_enabling INTEGER NOT NULL DEFAULT 0;
