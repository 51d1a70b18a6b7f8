-- The list of all jobs takes the newest rows of each kind of work.

CREATE INDEX recost_runs_of_workspace ON recost_runs (workspace, created_at);
