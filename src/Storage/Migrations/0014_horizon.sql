-- An award of before the retention horizon is a recorded fact: it is not decided anew, for its activities are gone.
ALTER TABLE award ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
