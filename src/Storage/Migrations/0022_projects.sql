-- What work belongs to. day: the workday of its making at the installation's own site, in days as everywhere.
CREATE TABLE project (
  key {key},
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  day INTEGER NOT NULL,
  active INTEGER NOT NULL DEFAULT 1
);
-- Which project is meant by the ids of other systems; null: none, and none is made.
CREATE TABLE project_identity (
  key {key},
  provider TEXT NOT NULL,
  external TEXT NOT NULL,
  project BIGINT REFERENCES project(key),
  UNIQUE (provider, external)
);
CREATE INDEX project_identity_project ON project_identity (project);
-- The project, and the identity that it was named by, so that the activity goes with it when it is linked otherwise.
ALTER TABLE activity ADD COLUMN project BIGINT;
ALTER TABLE activity ADD COLUMN project_identity BIGINT;
CREATE INDEX activity_project ON activity (project, at) WHERE project IS NOT NULL;
CREATE INDEX activity_project_identity ON activity (project_identity) WHERE project_identity IS NOT NULL;
