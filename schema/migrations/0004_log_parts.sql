-- Imported logs of any length, packed with zstd, and where a run's start time comes from.

-- `logs.encoding` also is 'zstd', or 'parts': then `content` is empty and the text lies here, part
-- after part, so that neither writing nor reading it takes memory for the whole.
CREATE TABLE log_parts (
    log_id INTEGER NOT NULL REFERENCES logs (id),
    part INTEGER NOT NULL,         -- from 0
    bytes INTEGER NOT NULL,        -- of the content
    encoding TEXT NOT NULL,        -- of `content`: 'plain' 'zlib' 'zstd'
    content BLOB NOT NULL,
    UNIQUE (log_id, part)
);

ALTER TABLE runs ADD COLUMN started_from TEXT;        -- of started_at: 'log' 'manifest' 'option' 'file'
