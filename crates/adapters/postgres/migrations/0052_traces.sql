-- Which request asked for what is queued, so that who follows a trace comes from one to the other.

-- As W3C writes it, 55 characters; NULL where nobody is told of spans.
ALTER TABLE inbox ADD COLUMN traceparent TEXT;

CREATE TABLE work_traces (
    -- The id of a run, an import or a set of changes.
    work         UUID NOT NULL PRIMARY KEY,
    workspace    UUID NOT NULL,
    traceparent  TEXT NOT NULL CHECK (length(traceparent) <= 55),
    noted_at     BIGINT NOT NULL
);
CREATE INDEX work_traces_noted ON work_traces (noted_at);
