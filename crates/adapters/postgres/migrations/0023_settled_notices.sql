-- Notices of what is over: somebody decided on the change-set that waited, or nobody did in time.

ALTER TABLE notices ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN settled_at BIGINT;

UPDATE notices SET kind = document::json ->> 'kind';

CREATE INDEX notices_unsettled ON notices (workspace, kind) WHERE settled_at IS NULL;
