-- Programs give badges and take awards back, too. Which one is told by the name of its API key, as in the audit log: no person did it.
-- By hand is what either a person or a program gave.
ALTER TABLE award ADD COLUMN awarded_via TEXT;
ALTER TABLE award ADD COLUMN revoked_via TEXT;
