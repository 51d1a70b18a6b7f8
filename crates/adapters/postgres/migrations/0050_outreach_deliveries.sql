-- Exports on their way to a webhook: when each is looked at next, and who sends it just now.

ALTER TABLE outreach_exports ADD COLUMN due_at BIGINT;
ALTER TABLE outreach_exports ADD COLUMN leased_until BIGINT;
ALTER TABLE outreach_exports ADD COLUMN fence BIGINT NOT NULL DEFAULT 0;
CREATE INDEX outreach_exports_due ON outreach_exports (due_at) WHERE due_at IS NOT NULL;
