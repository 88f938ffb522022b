-- Who was first in a project, as it was decided: a recorded fact, one for each achievement and project whatever becomes of the award.
-- types: what counted by the version that it was decided by. source, id and at: the activity that won.
CREATE TABLE first_in_project (
  achievement BIGINT NOT NULL REFERENCES achievement(key),
  project BIGINT NOT NULL REFERENCES project(key),
  award BIGINT NOT NULL,
  types TEXT NOT NULL,
  source BIGINT NOT NULL,
  id {blob} NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (achievement, project)
) {clustered};
