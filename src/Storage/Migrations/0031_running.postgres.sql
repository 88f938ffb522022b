-- Running totals of the fast path, all of a person in one row: a batch touches several of each of its people. A cache over the
-- rollups, written under the lock of their person.
DROP TABLE total;
CREATE TABLE running (
  person INTEGER PRIMARY KEY,
  totals {blob} NOT NULL
) WITH (fillfactor = 50);
UPDATE setting SET value = '-1' WHERE name = 'totals-of-rules';
