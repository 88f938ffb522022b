-- A notice about a goal: its kind says what happened.
ALTER TABLE notice ADD COLUMN goal BIGINT REFERENCES goal(key);
