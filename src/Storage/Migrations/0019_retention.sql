-- How long a badge stays with who earned it: permanent, holder (until the next winner), period (until that is over).
ALTER TABLE achievement ADD COLUMN retention TEXT NOT NULL DEFAULT 'permanent';
