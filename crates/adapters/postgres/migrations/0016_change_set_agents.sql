-- Which agent proposed a change-set, and in which of its runs.

ALTER TABLE change_sets ADD COLUMN agent TEXT;
ALTER TABLE change_sets ADD COLUMN run UUID;

UPDATE change_sets
SET agent = document::json -> 'origin' ->> 'agent',
    run = (document::json -> 'origin' ->> 'run')::uuid
WHERE document::json -> 'origin' ->> 'kind' = 'agent';

CREATE INDEX change_sets_of_agent ON change_sets (workspace, agent, created_at) WHERE agent IS NOT NULL;
CREATE INDEX change_sets_of_run ON change_sets (run) WHERE run IS NOT NULL;
