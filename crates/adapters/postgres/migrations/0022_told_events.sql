-- What was told long ago is forgotten with the logs of runs.

CREATE INDEX incoming_events_accepted ON incoming_events (accepted_at);
