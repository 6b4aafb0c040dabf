-- What stopping each server of a suite took, and the scheduling group that it ran in.

CREATE TABLE server_stops (
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    server_start INTEGER NOT NULL, -- as in runs
    forced INTEGER NOT NULL,       -- 1: its own signal did not end all of its processes
    note TEXT NOT NULL,            -- 'stopped by TERM to the leader in 0.31 s'
    PRIMARY KEY (campaign_id, server_start)
) WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN server_autogroup TEXT; -- of its leader: '/autogroup-74 nice 0'
