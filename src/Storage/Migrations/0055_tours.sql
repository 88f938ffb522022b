-- Tours that somebody has been through, or does not want to be asked about again.
CREATE TABLE tour_done (
  person BIGINT NOT NULL REFERENCES person(key),
  tour TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (person, tour)
) {clustered};
