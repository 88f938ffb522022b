-- What somebody chose of how to be told, where it is not the usual: one row per kind of notice and channel.
CREATE TABLE notice_preference (
  person BIGINT NOT NULL REFERENCES person(key),
  channel TEXT NOT NULL,
  kind TEXT NOT NULL,
  is_on INTEGER NOT NULL,
  PRIMARY KEY (person, channel, kind)
) {clustered};
CREATE TABLE quiet_hours (
  person BIGINT PRIMARY KEY REFERENCES person(key),
  is_on INTEGER NOT NULL,
  -- Days on which they begin: Monday 1, Tuesday 2, Wednesday 4 ... Sunday 64.
  days INTEGER NOT NULL,
  -- Minutes since midnight by the clock where the person works; until the day after where that is not later.
  from_minute INTEGER NOT NULL,
  until_minute INTEGER NOT NULL
);
-- Null: told at once. 0: it came in quiet hours and waits for their end. Else the number of the catch-up that told of it.
ALTER TABLE notice ADD COLUMN quiet BIGINT;
CREATE INDEX notice_waiting ON notice (person, number) WHERE quiet = 0;
-- What came in quiet hours, told together afterwards; its number is that of the newest notice among them.
CREATE TABLE catch_up (
  person BIGINT NOT NULL REFERENCES person(key),
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  -- When a page of the person showed it; null until then.
  shown_at BIGINT,
  PRIMARY KEY (person, number)
) {clustered};
CREATE INDEX catch_up_unshown ON catch_up (person, number) WHERE shown_at IS NULL;
