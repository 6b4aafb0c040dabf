-- The public face of a result database: two views whose names and meaning are stable. They hold
-- no data, so they are made anew whenever a database is created or migrated.

DROP VIEW IF EXISTS case_facts;
DROP VIEW IF EXISTS run_facts;

-- One row a run. window_*: as given, or over the whole 10 s windows of the run's slices; a run
-- without a whole window has requests x 10 s / elapsed (STATISTICS section 3).
CREATE VIEW run_facts AS
WITH windows_of_slices (run_id, windows, window_min, window_max) AS (
    SELECT run_id, count(*), min(requests), max(requests)
    FROM (
        SELECT s.run_id, sum(s.requests) AS requests,
               count(*) * r.slice_ns AS width_ns
        FROM slices AS s
        JOIN runs AS r ON r.run_id = s.run_id
        GROUP BY s.run_id, s.slice * r.slice_ns / 10000000000
    )
    WHERE width_ns = 10000000000
    GROUP BY run_id
)
SELECT r.run_id,
       r.run_uuid,
       c.uuid AS campaign,
       k.labels,
       r.run_no,
       r.tool,
       r.tool_version,
       r.command,
       r.url,
       r.threads,
       r.connections,
       r.rate_per_s,
       r.timeout_ns,
       r.asked_duration_ns,
       r.elapsed_ns,
       r.started_at,
       r.status,
       r.requests,
       r.bytes,
       r.requests_per_s,
       CASE WHEN r.window_min IS NOT NULL THEN r.window_ns
            WHEN r.elapsed_ns > 0 THEN 10000000000 END AS window_ns,
       CASE WHEN r.window_min IS NOT NULL THEN r.windows
            WHEN r.elapsed_ns > 0 THEN coalesce(w.windows, 1) END AS windows,
       coalesce(r.window_min, w.window_min, r.requests * 1e10 / nullif(r.elapsed_ns, 0))
           AS window_min,
       coalesce(r.window_max, w.window_max, r.requests * 1e10 / nullif(r.elapsed_ns, 0))
           AS window_max,
       r.errors_connect,
       r.errors_read,
       r.errors_write,
       r.errors_timeout,
       r.errors_status,
       r.latency_mean_ns,
       r.latency_stdev_ns,
       r.latency_max_ns,
       r.latency_p50_ns,
       r.latency_p75_ns,
       r.latency_p90_ns,
       r.latency_p99_ns,
       r.latency_p999_ns,
       r.latency_kind,
       r.connections_answered,
       r.sent,
       r.in_flight,
       r.client_cpu_share,
       r.io,
       (SELECT '[' || coalesce('"' || group_concat(finding, '","') || '"', '') || ']'
        FROM (SELECT finding FROM findings AS f WHERE f.run_id = r.run_id)) AS findings,
       r.pipeline,
       r.keepalive,
       r.warmup_ns,
       r.asked_requests,
       r.errors_expect,
       r.failed,
       r.connections_opened,
       r.reconnects,
       r.closed_announced,
       r.tls,
       r.tls_resumed,
       r.planned,
       r.unfinished,
       r.backlog_max,
       r.coalesced,
       r.timer_slack_ns,
       r.io_note,
       r.in_flight_mean,
       r.warnings,
       r.round,
       r.order_no,
       r.server_command,
       r.server_version,
       r.server_start,
       r.server_ready_ns,
       r.server_cpu_ns,
       r.server_memory_bytes,
       r.server_processes,
       r.server_end,
       r.server_output,
       r.server_autogroup,
       r.failure,
       r.drain_ns,
       r.drain_cpu_ns,
       r.drained,
       r.busy_before,
       r.foreign_cpu_share,
       r.steal_share,
       r.canary_per_s,
       r.started_from,
       r.latency_min_ns,
       r.latency_p95_ns
FROM runs AS r
JOIN campaigns AS c ON c.id = r.campaign_id
JOIN cases AS k ON k.id = r.case_id
LEFT JOIN windows_of_slices AS w ON w.run_id = r.run_id;

-- One row a case, over its complete runs. A case that has published figures only has runs 0, and
-- its best_per_s and windows as published (`published` = 1). stdev is the sample's (n - 1).
CREATE VIEW case_facts AS
WITH
complete (case_id, run_id, requests_per_s, window_min, window_max, errors) AS (
    SELECT r.case_id, r.run_id, r.requests_per_s, f.window_min, f.window_max,
           coalesce(r.errors_connect, 0) + coalesce(r.errors_read, 0)
               + coalesce(r.errors_write, 0) + coalesce(r.errors_timeout, 0)
    FROM runs AS r
    JOIN run_facts AS f ON f.run_id = r.run_id
    WHERE r.status = 'complete'
),
ranked AS (
    SELECT case_id, requests_per_s,
           row_number() OVER (PARTITION BY case_id ORDER BY requests_per_s) AS place,
           count(*) OVER (PARTITION BY case_id) AS n,
           avg(requests_per_s) OVER (PARTITION BY case_id) AS mean
    FROM complete
    WHERE requests_per_s IS NOT NULL
),
spread AS (
    SELECT case_id, n, max(mean) AS mean, max(requests_per_s) AS best,
           avg(CASE WHEN place IN ((n + 1) / 2, (n + 2) / 2) THEN requests_per_s END) AS median,
           CASE WHEN n > 1
                THEN sqrt(sum((requests_per_s - mean) * (requests_per_s - mean)) / (n - 1)) END
               AS stdev
    FROM ranked
    GROUP BY case_id
),
totals AS (
    SELECT case_id, count(*) AS runs_complete, min(window_min) AS window_min,
           max(window_max) AS window_max, sum(errors > 0) AS runs_with_errors,
           sum(errors) AS errors
    FROM complete
    GROUP BY case_id
),
stated AS (
    SELECT case_id, max(requests_per_s) AS best, min(window_min) AS window_min,
           max(window_max) AS window_max,
           max(state IN ('ok', 'errors')
               AND (split = 'errors' OR (split IS NULL AND state = 'errors'))) AS has_errors,
           max(state IN ('ok', 'errors')) AS measured
    FROM published
    GROUP BY case_id
)
SELECT k.labels,
       (SELECT count(*) FROM runs AS r WHERE r.case_id = k.id) AS runs,
       coalesce(t.runs_complete, 0) AS runs_complete,
       CASE WHEN t.case_id IS NULL THEN p.best ELSE s.best END AS best_per_s,
       s.median AS median_per_s,
       s.mean AS mean_per_s,
       s.stdev AS stdev_per_s,
       s.stdev / nullif(s.mean, 0) AS cv,
       CASE WHEN t.case_id IS NULL THEN p.window_min ELSE t.window_min END AS window_min,
       CASE WHEN t.case_id IS NULL THEN p.window_max ELSE t.window_max END AS window_max,
       t.runs_with_errors,
       t.errors,
       CASE WHEN t.runs_with_errors > 0 THEN 'errors'
            WHEN t.case_id IS NOT NULL THEN 'no errors'
            WHEN p.measured AND p.has_errors THEN 'errors'
            WHEN p.measured THEN 'no errors' END AS split,
       t.case_id IS NULL AND p.case_id IS NOT NULL AS published
FROM cases AS k
LEFT JOIN totals AS t ON t.case_id = k.id
LEFT JOIN spread AS s ON s.case_id = k.id
LEFT JOIN stated AS p ON p.case_id = k.id;
