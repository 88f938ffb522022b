-- What earning it says of one's work: positive, playful, negative.
ALTER TABLE achievement ADD COLUMN tone TEXT NOT NULL DEFAULT 'positive';
-- Coins of each tier, from the lowest, with commas between; nothing uses them yet.
ALTER TABLE achievement ADD COLUMN coins TEXT NOT NULL DEFAULT '';
