-- Which node claimed it, so that others see when that one has gone; 0 where it could not be seen.
ALTER TABLE work ADD COLUMN node INTEGER NOT NULL DEFAULT 0;
