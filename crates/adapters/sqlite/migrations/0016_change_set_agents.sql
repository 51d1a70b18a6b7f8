-- Which agent proposed a change-set, and in which of its runs.

ALTER TABLE change_sets ADD COLUMN agent TEXT;
ALTER TABLE change_sets ADD COLUMN run BLOB;

UPDATE change_sets
SET agent = json_extract(document, '$.origin.agent'),
    run = unhex(json_extract(document, '$.origin.run'), '-')
WHERE json_extract(document, '$.origin.kind') = 'agent';

CREATE INDEX change_sets_of_agent ON change_sets (workspace, agent, created_at) WHERE agent IS NOT NULL;
CREATE INDEX change_sets_of_run ON change_sets (run) WHERE run IS NOT NULL;
