-- What a suite knows: the plan of the campaign, the server beside each run, and the evidence that
-- findings rest on.

ALTER TABLE campaigns ADD COLUMN suite TEXT;          -- the suite file as it was
ALTER TABLE campaigns ADD COLUMN seed INTEGER;        -- of the order of runs
ALTER TABLE campaigns ADD COLUMN run_order TEXT;      -- 'interleaved' 'grouped'
ALTER TABLE campaigns ADD COLUMN plan_sha256 TEXT;    -- of cells and settings: what --resume matches
ALTER TABLE campaigns ADD COLUMN planned_runs INTEGER;
ALTER TABLE campaigns ADD COLUMN ended_at TEXT;       -- NULL: not ended, may be resumed

ALTER TABLE runs ADD COLUMN round INTEGER;            -- which run of its cell, from 1
ALTER TABLE runs ADD COLUMN order_no INTEGER;         -- place in the campaign, from 0
ALTER TABLE runs ADD COLUMN server_command TEXT;
ALTER TABLE runs ADD COLUMN server_version TEXT;
ALTER TABLE runs ADD COLUMN server_start INTEGER;     -- number of this start in the campaign
ALTER TABLE runs ADD COLUMN server_ready_ns INTEGER;  -- from start to ready
ALTER TABLE runs ADD COLUMN server_cpu_ns INTEGER;    -- of its whole session, during the run
ALTER TABLE runs ADD COLUMN server_memory_bytes INTEGER; -- largest sum of resident memory
ALTER TABLE runs ADD COLUMN server_processes INTEGER; -- largest number at once
ALTER TABLE runs ADD COLUMN server_end TEXT;          -- how it ended, if it died
ALTER TABLE runs ADD COLUMN server_output TEXT;       -- its last lines, if something failed
ALTER TABLE runs ADD COLUMN failure TEXT;             -- why the run failed
ALTER TABLE runs ADD COLUMN drain_ns INTEGER;         -- after the run, until the server was idle
ALTER TABLE runs ADD COLUMN drain_cpu_ns INTEGER;     -- CPU it used meanwhile
ALTER TABLE runs ADD COLUMN drained INTEGER;          -- 0: still busy at the limit
ALTER TABLE runs ADD COLUMN busy_before INTEGER;      -- 1: the server was not idle at the start
ALTER TABLE runs ADD COLUMN foreign_cpu_share REAL;   -- CPU of all others / CPU of the host
ALTER TABLE runs ADD COLUMN steal_share REAL;
ALTER TABLE runs ADD COLUMN canary_per_s REAL;        -- the host's own speed, measured before it

-- One row a second of a run.
CREATE TABLE resources (
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    second INTEGER NOT NULL,       -- from 0
    server_cpu_ns INTEGER,
    server_memory_bytes INTEGER,
    server_processes INTEGER,
    client_cpu_ns INTEGER,
    foreign_cpu_ns INTEGER,
    steal_ns INTEGER,
    pressure_cpu REAL,             -- PSI "some", share of the second
    pressure_memory REAL,
    pressure_io REAL,
    PRIMARY KEY (run_id, second)
) WITHOUT ROWID;

-- Differences of the kernel's counters over a run.
CREATE TABLE counters (
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    name TEXT NOT NULL,            -- as in /proc/net/netstat and /proc/net/snmp
    value INTEGER NOT NULL,
    PRIMARY KEY (run_id, name)
) WITHOUT ROWID;

-- Two requests on one connection, before and after the load.
CREATE TABLE probes (
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    moment TEXT NOT NULL CHECK (moment IN ('before', 'after')),
    status INTEGER,
    reply_bytes INTEGER,           -- head and body
    body_bytes INTEGER,
    body_sha256 TEXT,
    framing TEXT,                  -- 'length' 'chunked' 'eof' 'none'
    announced_close INTEGER,       -- 1: the reply said that the connection closes
    reused INTEGER,                -- 1: the second request was answered on the same connection
    reply_ns INTEGER,              -- from send to the last byte, first request
    close_ns INTEGER,              -- from that byte to the peer's close; NULL: stayed open
    failure TEXT,
    PRIMARY KEY (run_id, moment)
) WITHOUT ROWID;

-- The server's processes before and after the load.
CREATE TABLE processes (
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    moment TEXT NOT NULL CHECK (moment IN ('before', 'after')),
    pid INTEGER NOT NULL,
    start_ticks INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (run_id, moment, pid, start_ticks)
) WITHOUT ROWID;
