-- In test: it is decided like any other, and only those who manage achievements see what comes of it.
ALTER TABLE achievement ADD COLUMN testing INTEGER NOT NULL DEFAULT 0;
-- What is there for people at all. Whatever shows or counts badges joins it.
CREATE VIEW present_achievement AS SELECT key FROM achievement WHERE testing = 0;
