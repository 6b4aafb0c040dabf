-- The tables of a result database. Public are the views of schema.sql; these tables may change
-- from one migration to the next. A number that a log does not hold is NULL, never 0. Times are
-- int64 ns, instants UTC ISO 8601 text, bytes and counts int64, rates double per second.
-- `..._half`: half width of the rounding that a figure was read from (0: exact).

-- The runs of one `run`, `suite` or `import` call.
CREATE TABLE campaigns (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,            -- 'run' 'suite' 'import'
    name TEXT,
    started_at TEXT NOT NULL,
    command TEXT,                  -- how wrkbook was called
    wrkbook_version TEXT NOT NULL,
    host TEXT                      -- JSON object of facts; NULL: not known
);

-- A case: all runs and published figures with the same set of labels.
CREATE TABLE cases (
    id INTEGER PRIMARY KEY,
    labels TEXT NOT NULL UNIQUE    -- JSON object, keys sorted bytewise
);

-- The same labels, one a row, for filters.
CREATE TABLE case_labels (
    case_id INTEGER NOT NULL REFERENCES cases (id),
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (case_id, key)
) WITHOUT ROWID;
CREATE INDEX case_labels_by_key ON case_labels (key, value);

-- The text of every imported file, found by its content.
CREATE TABLE logs (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,   -- of the content, lower-case hex
    name TEXT NOT NULL,            -- as the user gave it, the first time
    bytes INTEGER NOT NULL,        -- of the content
    encoding TEXT NOT NULL,        -- of `content`: 'plain' 'zlib'
    content BLOB NOT NULL,
    campaign_id INTEGER REFERENCES campaigns (id)
);

-- Lines of a log that no reader understood.
CREATE TABLE unread_lines (
    log_id INTEGER NOT NULL REFERENCES logs (id),
    line INTEGER NOT NULL,         -- from 1
    text TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX unread_lines_by_log ON unread_lines (log_id);

-- One load of one URL for one duration, with one tool; never changed once stored.
CREATE TABLE runs (
    run_id INTEGER PRIMARY KEY,
    run_uuid TEXT NOT NULL UNIQUE,
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    case_id INTEGER NOT NULL REFERENCES cases (id),
    run_no INTEGER NOT NULL,       -- number within its case
    tool TEXT,
    tool_version TEXT,
    command TEXT,
    url TEXT,
    threads INTEGER,
    connections INTEGER,
    rate_per_s REAL,               -- asked for; NULL: closed loop
    timeout_ns INTEGER,
    asked_duration_ns INTEGER,
    asked_duration_ns_half INTEGER,
    elapsed_ns INTEGER,
    elapsed_ns_half INTEGER,
    started_at TEXT,
    status TEXT NOT NULL CHECK (status IN ('complete', 'partial', 'failed')),
    requests INTEGER,
    bytes INTEGER,
    bytes_half INTEGER,
    requests_per_s REAL,
    requests_per_s_half REAL,
    window_ns INTEGER,             -- as given by a foreign table; native runs have slices
    windows INTEGER,
    window_min REAL,
    window_max REAL,
    errors_connect INTEGER,
    errors_read INTEGER,
    errors_write INTEGER,
    errors_timeout INTEGER,
    errors_status INTEGER,
    latency_mean_ns INTEGER,
    latency_mean_ns_half INTEGER,
    latency_stdev_ns INTEGER,
    latency_stdev_ns_half INTEGER,
    latency_max_ns INTEGER,
    latency_max_ns_half INTEGER,
    latency_p50_ns INTEGER,
    latency_p50_ns_half INTEGER,
    latency_p75_ns INTEGER,
    latency_p75_ns_half INTEGER,
    latency_p90_ns INTEGER,
    latency_p90_ns_half INTEGER,
    latency_p99_ns INTEGER,
    latency_p99_ns_half INTEGER,
    latency_p999_ns INTEGER,
    latency_p999_ns_half INTEGER,
    latency_kind TEXT,             -- 'raw' 'corrected by wrk' 'from due time'
    connections_answered INTEGER,  -- got at least one whole response
    sent INTEGER,                  -- = requests + failed + in_flight
    in_flight INTEGER,             -- open when the run ended
    client_cpu_share REAL,         -- 0..1 of a core, mean over the threads
    io TEXT,                       -- 'epoll' 'io_uring'
    slice_ns INTEGER,              -- width of its slices
    log_id INTEGER REFERENCES logs (id),
    log_line INTEGER,              -- first line of its block
    req_sec_mean_per_s REAL,       -- wrk's Req/Sec row
    req_sec_stdev_per_s REAL,
    req_sec_max_per_s REAL,
    req_sec_half REAL,
    printed_mismatch TEXT          -- why its printed figures contradict each other
);
CREATE INDEX runs_by_case ON runs (case_id, run_no);

-- Counters of each slice of a native run, empty ones too; their sum is the run's.
CREATE TABLE slices (
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    slice INTEGER NOT NULL,        -- from 0
    requests INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    errors_connect INTEGER NOT NULL,
    errors_read INTEGER NOT NULL,
    errors_write INTEGER NOT NULL,
    errors_timeout INTEGER NOT NULL,
    errors_status INTEGER NOT NULL,
    PRIMARY KEY (run_id, slice)
) WITHOUT ROWID;

-- Latency distributions of a native run, raw. `counts`: for every bucket that is not empty, in
-- rising order, two LEB128 numbers: buckets skipped since the last one, and its count.
CREATE TABLE histograms (
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    kind TEXT NOT NULL,            -- 'latency' 'service' 'send lag' 'connect' 'handshake' ...
    layout TEXT NOT NULL,          -- 'log2-128': schema/hist.h
    count INTEGER NOT NULL,
    min_ns INTEGER NOT NULL,
    max_ns INTEGER NOT NULL,
    sum_ns INTEGER NOT NULL,
    sum_squares_ns2 REAL NOT NULL,
    counts BLOB NOT NULL,
    PRIMARY KEY (run_id, kind)
) WITHOUT ROWID;

-- What failed in a native run, where, how often, first and last.
CREATE TABLE faults (
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    phase TEXT NOT NULL,
    error TEXT NOT NULL,
    count INTEGER NOT NULL,
    first_ns INTEGER NOT NULL,     -- after the run's begin
    last_ns INTEGER NOT NULL,
    PRIMARY KEY (run_id, phase, error)
) WITHOUT ROWID;

-- A figure or a state stated for a case without a run behind it: a cell of an article's table, or
-- a suite's `skip`. How many runs it rests on is not known.
CREATE TABLE published (
    id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    case_id INTEGER NOT NULL REFERENCES cases (id),
    state TEXT NOT NULL CHECK (state IN ('ok', 'errors', 'n/a', 'blank')),
    split TEXT CHECK (split IN ('errors', 'no errors')),
    because TEXT,
    requests_per_s REAL,
    requests_per_s_half REAL,
    window_ns INTEGER,
    window_min REAL,
    window_max REAL,
    log_id INTEGER REFERENCES logs (id),
    log_line INTEGER
);
CREATE INDEX published_by_case ON published (case_id);
