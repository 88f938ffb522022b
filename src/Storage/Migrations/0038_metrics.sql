-- What a metric is for, by language; kept with each version, the same in all of them, as its name is.
ALTER TABLE metric ADD COLUMN description TEXT NOT NULL DEFAULT '{"en":""}';
-- Not offered any more unless asked for; it is counted on, so that what it was used for still tells the same.
ALTER TABLE metric ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
