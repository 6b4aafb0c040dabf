-- What the finished load engine knows of a run beyond its figures: how it was loaded, what the
-- client itself used, and a bounded sample of what came over the wire.

ALTER TABLE runs ADD COLUMN pipeline INTEGER;           -- requests in flight on a connection
ALTER TABLE runs ADD COLUMN keepalive INTEGER;          -- 0: a new connection for each request
ALTER TABLE runs ADD COLUMN warmup_ns INTEGER;          -- loaded before the run, not counted
ALTER TABLE runs ADD COLUMN asked_requests INTEGER;     -- fixed count; NULL: by time
ALTER TABLE runs ADD COLUMN errors_expect INTEGER;      -- whole responses other than expected
ALTER TABLE runs ADD COLUMN failed INTEGER;             -- sent, ended before a whole response
ALTER TABLE runs ADD COLUMN connections_opened INTEGER; -- successful connects
ALTER TABLE runs ADD COLUMN reconnects INTEGER;         -- connects tried after the first
ALTER TABLE runs ADD COLUMN closed_announced INTEGER;   -- closed by the peer as it had announced
ALTER TABLE runs ADD COLUMN tls TEXT;                   -- protocol and cipher; NULL: plain
ALTER TABLE runs ADD COLUMN tls_resumed INTEGER;        -- handshakes that resumed a session
ALTER TABLE runs ADD COLUMN planned INTEGER;            -- open rate: requests that came due
ALTER TABLE runs ADD COLUMN unfinished INTEGER;         -- open rate: due, not answered at the end
ALTER TABLE runs ADD COLUMN backlog_max INTEGER;        -- open rate: most due but not sent
ALTER TABLE runs ADD COLUMN coalesced INTEGER;          -- 1: completions were waited for in groups
ALTER TABLE runs ADD COLUMN timer_slack_ns INTEGER;
ALTER TABLE runs ADD COLUMN io_note TEXT;               -- why another back end was not used
ALTER TABLE runs ADD COLUMN in_flight_mean REAL;        -- rate x mean latency (Little's law)
ALTER TABLE runs ADD COLUMN warnings TEXT;              -- JSON list of sentences

-- What each thread of the client did and used between begin and end of the run.
CREATE TABLE run_threads (
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    thread INTEGER NOT NULL,       -- from 0
    connections INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    cpu_user_ns INTEGER NOT NULL,
    cpu_system_ns INTEGER NOT NULL,
    PRIMARY KEY (run_id, thread)
) WITHOUT ROWID;

-- Bytes kept as evidence, cut at 2048.
CREATE TABLE samples (
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    kind TEXT NOT NULL,            -- 'head': first response's head; 'failed': first failed exchange
    phase TEXT,                    -- of the failure
    error TEXT,
    bytes BLOB NOT NULL,
    PRIMARY KEY (run_id, kind)
) WITHOUT ROWID;
