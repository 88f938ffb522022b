-- Counting what was earned since an instant reads the index alone; what is revoked is not among it.
DROP INDEX award_earned;
CREATE INDEX award_earned ON award (earned_at, achievement, person, tier) WHERE revoked_at IS NULL;
-- Revoked awards are few among many.
CREATE INDEX award_revoked ON award (achievement, person) WHERE revoked_at IS NOT NULL;
