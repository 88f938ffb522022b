-- What an organisation calls the measures, labels and labels' texts of a type, by language: JSON, empty where it says nothing.
ALTER TABLE activity_type ADD COLUMN words TEXT NOT NULL DEFAULT '{}';
