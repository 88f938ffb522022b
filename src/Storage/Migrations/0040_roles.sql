-- Roles that the organisation made itself; the three that Laurel brings are not here.
CREATE TABLE role (
  key {key},
  id TEXT NOT NULL UNIQUE,
  -- By language: {"en": "Quality reviewer", "lt": "Kokybės vertintojas"}.
  name TEXT NOT NULL,
  -- Which of the three it is like (agent, leader, admin): what it holds where nothing else is said, and which start page it has.
  base TEXT NOT NULL,
  archived INTEGER NOT NULL DEFAULT 0
);
-- What a role holds otherwise than by default. The reach says of whose data it counts; 'no' where the role does not hold it.
CREATE TABLE role_grant (
  role TEXT NOT NULL,
  permission TEXT NOT NULL,
  reach TEXT NOT NULL,
  PRIMARY KEY (role, permission)
) {clustered};
-- Roles of people whose own work is counted, as an agent's.
CREATE VIEW agent_role AS
SELECT 'agent' AS id UNION ALL SELECT id FROM role WHERE base = 'agent';
-- Who is in a team or a group is asked wherever somebody may see some people only.
CREATE INDEX person_team_team ON person_team(team);
CREATE INDEX group_member_group ON group_member(people_group);
