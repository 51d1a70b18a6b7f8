-- A brief may be written again when its figures moved; each version follows the one before.

ALTER TABLE briefs ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
