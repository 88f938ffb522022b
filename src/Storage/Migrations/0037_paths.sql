-- Not followed any more: its steps are off and stay as they were earned.
ALTER TABLE path ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
-- The product area that it is listed under; null for that of its first step.
ALTER TABLE path ADD COLUMN area TEXT;
