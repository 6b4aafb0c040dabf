-- What the rules of findings.sql ask of a run, gathered from all tables of evidence. These views
-- are not public: they may change. Every look at another table goes by its primary key and costs
-- only the rules that use the column, so that one run is judged as fast as it is found.

DROP VIEW IF EXISTS run_signs;
DROP VIEW IF EXISTS run_evidence;

CREATE VIEW run_evidence AS
SELECT r.*,
       coalesce(r.tool = 'wrk', 0) AS by_wrk,
       coalesce(r.tool = 'wrkbook', 0) AS by_us,
       r.rate_per_s IS NULL AS is_closed_loop,
       coalesce(r.errors_connect, 0) + coalesce(r.errors_read, 0)
           + coalesce(r.errors_write, 0) + coalesce(r.errors_timeout, 0) AS errors,
       coalesce(r.elapsed_ns, r.asked_duration_ns) AS width_ns,
       -- What was sampled beside the run is sampled from the begin of its warm-up.
       r.elapsed_ns + coalesce(r.warmup_ns, 0) AS beside_ns,
       coalesce(r.timeout_ns, CASE WHEN r.tool = 'wrk' THEN 2000000000 END) AS limit_ns,
       -- Little's law: so many requests were open on average, as far as latency shows.
       coalesce(r.in_flight_mean, r.requests_per_s * r.latency_mean_ns / 1e9) AS busy,
       r.connections * coalesce(r.pipeline, 1) AS places,
       (SELECT value FROM counters AS c WHERE c.run_id = r.run_id AND name = 'ListenOverflows')
           AS listen_overflows,
       (SELECT value FROM counters AS c WHERE c.run_id = r.run_id AND name = 'TCPSynRetrans')
           AS syn_retransmits,
       (SELECT value FROM counters AS c WHERE c.run_id = r.run_id AND name = 'OutRsts')
           AS resets_sent,
       (SELECT value FROM counters AS c WHERE c.run_id = r.run_id AND name = 'AttemptFails')
           AS attempts_failed,
       coalesce(r.connections_opened,
                (SELECT value FROM counters AS c
                 WHERE c.run_id = r.run_id AND name = 'ActiveOpens')) AS opened,
       (SELECT framing FROM probes AS p WHERE p.run_id = r.run_id AND moment = 'before')
           AS probe_framing,
       (SELECT announced_close = 0 AND reused = 0 FROM probes AS p
        WHERE p.run_id = r.run_id AND moment = 'before') AS probe_closed_silently,
       (SELECT status FROM probes AS p WHERE p.run_id = r.run_id AND moment = 'before')
           AS probe_status,
       (SELECT sum(count) FROM faults AS f WHERE f.run_id = r.run_id AND phase = 'idle')
           AS silent_closes,
       (SELECT sum(count) FROM faults AS f
        WHERE f.run_id = r.run_id AND error LIKE 'Too many open files%') AS file_faults,
       (SELECT sum(count) FROM faults AS f
        WHERE f.run_id = r.run_id AND error = 'Cannot assign requested address') AS port_faults,
       (SELECT sum(count) FROM faults AS f
        WHERE f.run_id = r.run_id AND phase = 'connect' AND error = 'Connection refused')
           AS refused,
       (SELECT max(last_ns) - min(first_ns) FROM faults AS f
        WHERE f.run_id = r.run_id AND error = 'no whole response within the timeout')
           AS timeouts_span_ns,
       -- The leader is the oldest process; a server of one process is its own worker.
       (SELECT count(*) - (count(*) > 1) FROM processes AS p
        WHERE p.run_id = r.run_id AND moment = 'before') AS workers,
       (SELECT count(*) FROM processes AS b
        WHERE b.run_id = r.run_id AND b.moment = 'before'
          AND EXISTS (SELECT 1 FROM processes AS x
                      WHERE x.run_id = r.run_id AND x.moment = 'after')
          AND NOT EXISTS (SELECT 1 FROM processes AS a
                          WHERE a.run_id = r.run_id AND a.moment = 'after' AND a.pid = b.pid
                            AND a.start_ticks = b.start_ticks)) AS gone,
       (SELECT count(*) FROM processes AS a
        WHERE a.run_id = r.run_id AND a.moment = 'after'
          AND NOT EXISTS (SELECT 1 FROM processes AS b
                          WHERE b.run_id = r.run_id AND b.moment = 'before' AND b.pid = a.pid
                            AND b.start_ticks = a.start_ticks)) AS fresh,
       -- Of one core: the client's busiest thread, or wrk's mean thread.
       coalesce((SELECT max(cpu_user_ns + cpu_system_ns) FROM run_threads AS t
                 WHERE t.run_id = r.run_id) * 1.0 / nullif(r.elapsed_ns, 0),
                r.client_cpu_share,
                (SELECT sum(client_cpu_ns) FROM resources AS s WHERE s.run_id = r.run_id) * 1.0
                    / nullif((r.elapsed_ns + coalesce(r.warmup_ns, 0)) * coalesce(r.threads, 1),
                             0)) AS client_share,
       -- No JSON functions: SQLite forbids them where the schema is not trusted, as in our readers.
       (SELECT nullif(CAST(substr(c.host, instr(c.host, '"cpus":') + 7) AS INTEGER), 0)
        FROM campaigns AS c WHERE c.id = r.campaign_id AND instr(c.host, '"cpus":') > 0) AS cpus
FROM runs AS r;

-- Signs that several rules share.
CREATE VIEW run_signs AS
SELECT e.*,
       -- Every reply was whole, and behind every one the connection was gone. Our engine does not
       -- count replies before the run begins and closes after it ends: at most one a connection.
       coalesce(coalesce(e.errors_status, 0) = 0 AND e.errors_read > 0.5 * e.requests
                AND abs(e.errors_read - e.requests)
                    <= 0.02 * e.requests + CASE WHEN e.by_us THEN e.connections ELSE 0 END, 0)
           AND e.requests > 0 AS lost_each,
       coalesce(e.errors_timeout BETWEEN 0.9 * e.connections AND 1.1 * e.connections
                AND coalesce(e.errors_read, 0) = 0
                AND CASE WHEN e.by_wrk
                         THEN e.latency_mean_ns < e.limit_ns / 4
                              AND coalesce(e.listen_overflows, 0) = 0
                         ELSE e.connections_answered >= 0.98 * e.connections
                              AND e.timeouts_span_ns < e.limit_ns END, 0) AS stood_still,
       -- So few that queues for connections cannot be the reason.
       coalesce(e.connections_answered < e.connections
                AND e.requests >= 2 * e.connections AND coalesce(e.errors_connect, 0) = 0
                AND (coalesce(e.listen_overflows, 0) = 0
                     OR 2 * e.connections_answered < e.connections), 0)
           AS is_starved,
       coalesce(e.server_output LIKE '%Too many open files%', 0) AS server_lacks_files,
       e.server_end IS NOT NULL
           OR coalesce(e.by_wrk AND e.errors_write > 2 * e.connections OR e.refused > 0, 0)
           AS is_refused,
       coalesce(e.requests = 0 AND e.errors = coalesce(e.errors_timeout, 0), 0) AS is_silent
FROM run_evidence AS e;
