-- All of a person's daily rollups of 32 workdays in one row, beside the rollups, which lie by metric and day: who looks at one person's
-- years reads a few rows in place of thousands. A row that is there says what the rollups say; it goes when one of them changes.
CREATE TABLE packed_days (
  person BIGINT NOT NULL,
  block INTEGER NOT NULL,
  days {blob} NOT NULL,
  PRIMARY KEY (person, block)
) {clustered};
