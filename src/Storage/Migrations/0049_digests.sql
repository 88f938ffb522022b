-- What somebody wants to be mailed. kind: own or team.
CREATE TABLE digest_subscription (
  person BIGINT NOT NULL REFERENCES person(key),
  kind TEXT NOT NULL,
  is_on INTEGER NOT NULL,
  -- Monday 1 ... Sunday 7; 0: every day.
  weekday INTEGER NOT NULL,
  -- Minutes since midnight by the clock where the person works.
  at_minute INTEGER NOT NULL,
  -- What was due up to this instant is taken care of, or was due before anybody wanted it.
  done_through BIGINT NOT NULL,
  PRIMARY KEY (person, kind)
) {clustered};
-- Each digest that was due, once. state: waiting (to be sent, or sent again), sending (handed to the mail server; whether it took it is not
-- known if this is all that is ever said), sent, or why it was not: nothing, off, address, late, failed.
CREATE TABLE digest (
  person BIGINT NOT NULL REFERENCES person(key),
  kind TEXT NOT NULL,
  due BIGINT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  try_at BIGINT NOT NULL,
  error TEXT,
  PRIMARY KEY (person, kind, due)
) {clustered};
CREATE INDEX digest_waiting ON digest (try_at) WHERE state = 'waiting';
