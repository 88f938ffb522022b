-- What a person is told, numbered per person under the lock of the transaction, so that a client that reconnects misses none.
CREATE TABLE notice (
  person BIGINT NOT NULL REFERENCES person(key),
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  -- 'award': one that was just earned; 'awards': several, or older ones, as one group.
  kind TEXT NOT NULL,
  award BIGINT,
  count INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (person, number)
) {clustered};
CREATE TABLE notice_seen (
  person BIGINT PRIMARY KEY REFERENCES person(key),
  number BIGINT NOT NULL
);
