-- Findings: named causes that a run's own evidence supports, one SELECT a rule. Nothing of them is
-- stored, so a new rule speaks of old runs and imported logs at once. For SQL users: the view
-- `findings` (run_id, finding, sentence, advice); names of findings are stable.
--
-- A rule says what the evidence forces; what is only possible says "may". Evidence that a run does
-- not have is NULL, a condition on it is then not true, and the rule is silent. Where two rules
-- could see the same thing from two sides, the one nearer to the cause speaks. Nothing here uses
-- functions of wrkbook: plain sqlite3 shows the same. What the rules ask is in evidence.sql.
--
-- "Row" in the comments: of the list of signatures that wrk 4.1 against gunicorn, gevent, eventlet
-- and uWSGI gave when these rules were made.

DROP VIEW IF EXISTS findings;

CREATE VIEW findings AS

-- ---- connections that close ------------------------------------------------------------------

-- Row 1: read errors = requests; the probe, or the engine's own eyes, saw a reply with a length,
-- without `Connection: close`, and the connection gone behind it.
SELECT run_id, 'silent close' AS finding,
       printf('The server closed the connection after each reply without saying so: %d read '
              || 'errors for %d replies, all of them good%s.',
              errors_read, requests,
              CASE WHEN opened > 0
                   THEN printf('; %.1f connections were opened for a reply',
                               opened * 1.0 / requests)
                   ELSE '' END) AS sentence,
       'Turn keep-alive on in the server (uWSGI: --http-keepalive, and replies with a length), or '
       || 'let it announce the close (uWSGI: --add-header ''Connection: close'').' AS advice
FROM run_signs
WHERE lost_each
  AND (silent_closes >= 0.9 * errors_read
       OR probe_closed_silently AND probe_framing IN ('length', 'chunked'))

-- Row 2: neither length nor chunks. wrk counts each such reply as a read error as well.
UNION ALL
SELECT run_id, 'replies end by close',
       printf('Replies have neither a length nor chunks and end with their connection: legal, but '
              || 'each costs a new connection%s.',
              CASE WHEN lost_each AND by_wrk
                   THEN printf('. wrk counts them as errors, too (%d read errors for %d replies); '
                               || 'the server is right', errors_read, requests)
                   ELSE '' END),
       'Let the app send Content-Length (uWSGI: or --http-auto-chunked).'
FROM run_signs
WHERE requests > 0 AND probe_framing = 'eof'

-- Rows 1 and 2, told from wrk's text alone.
UNION ALL
SELECT run_id, 'close after each reply',
       printf('As many read errors as replies (%d, %d)%s: every reply was whole, and then the '
              || 'connection was closed when wrk expected it to stay. Either the server closes '
              || 'after each reply without saying so, or its replies have no length and end with '
              || 'the connection; this text cannot tell which.',
              errors_read, requests,
              CASE WHEN bytes > 0 THEN printf(', %.0f bytes a reply', bytes * 1.0 / requests)
                   ELSE '' END),
       'The replies may all be good. Send two requests on one connection (wrkbook suite does); '
       || 'turn keep-alive on and send a length (uWSGI: --http-keepalive), or announce the close.'
FROM run_signs
WHERE lost_each AND by_wrk AND probe_framing IS NULL

-- Row 3. The counter is of the whole network namespace. A queue that overflows because workers hold
-- few connections is the row "starved"; because they are still at work, "carry-over".
UNION ALL
SELECT run_id, 'listen queue overflow',
       printf('A listen queue of this host or network namespace overflowed %d times, most likely '
              || 'the server''s: it accepts more slowly than %s connections arrive%s%s.',
              listen_overflows, coalesce(connections, 'its'),
              CASE WHEN syn_retransmits > 0
                   THEN printf('; %d connects were sent again, 1 s later or more', syn_retransmits)
                   ELSE '' END,
              CASE WHEN errors_timeout > 0
                   THEN printf('; %d timeouts%s', errors_timeout,
                               CASE WHEN by_wrk THEN ', which wrk leaves out of its latencies'
                                    ELSE '' END)
                   ELSE '' END),
       'Raise the server''s backlog (gunicorn --backlog, uWSGI --listen) and net.core.somaxconn '
       || 'to at least the number of connections.'
FROM run_signs
WHERE listen_overflows > 0 AND NOT is_starved AND NOT is_refused AND NOT server_lacks_files
  AND coalesce(busy_before, 0) = 0

-- ---- what the run before left ----------------------------------------------------------------

-- Rows 4 and 5. The number of resets alone is no proof.
UNION ALL
SELECT run_id, 'carry-over',
       printf('The server was still at work when this run began, most likely on what the run '
              || 'before had left in its queue%s%s.',
              CASE WHEN requests = 0 THEN '; not one request of this run was answered' ELSE '' END,
              CASE WHEN resets_sent BETWEEN 0.9 * connections AND 1.1 * connections
                   THEN printf('; %d resets were sent, about as many as a run leaves connections',
                               resets_sent)
                   ELSE '' END),
       'Wait until the server is idle between runs ("restart": "drain"), or restart it.'
FROM run_signs
WHERE busy_before = 1

-- Row 5 without that evidence.
UNION ALL
SELECT run_id, 'nothing served',
       printf('Not one request was answered in %.3g s%s%s. Requests may take longer than the run, '
              || 'or the server may have been busy with those of an earlier one.',
              width_ns / 1e9,
              CASE WHEN errors = 0 THEN ', and no error was counted' ELSE '' END,
              CASE WHEN server_cpu_ns > 0
                   THEN printf('; the server used %.1f s of CPU', server_cpu_ns / 1e9)
                   ELSE '' END),
       'Load longer, with fewer connections, on a server that is idle before.'
FROM run_signs
WHERE is_silent AND failure IS NULL AND coalesce(busy_before, 0) = 0 AND NOT is_refused

-- ---- the server's processes ------------------------------------------------------------------

-- Row 6: gunicorn's master kills workers that are silent for its --timeout.
UNION ALL
SELECT run_id, 'worker killed by timeout',
       printf('%d of %d workers were replaced in the run, and the server''s log speaks of WORKER '
              || 'TIMEOUT: its master took them for hung%s.', gone, workers,
              CASE WHEN errors_read > 0 THEN printf('; %d read errors', errors_read) ELSE '' END),
       'Raise the server''s worker timeout, give a worker fewer connections, or take sync workers '
       || 'for work that needs CPU.'
FROM run_signs
WHERE server_output LIKE '%WORKER TIMEOUT%' AND gone > 0 AND server_end IS NULL

-- Row 7. gunicorn's sync workers may die without one error: only the pids show it.
UNION ALL
SELECT run_id, 'worker died',
       printf('%d of %d workers ended in the run%s%s: a crash, a kill, lack of memory, or a limit '
              || 'of the server''s own may be the cause.', gone, workers,
              CASE WHEN fresh > 0 THEN printf(' and %d new processes came', fresh)
                   ELSE ' and no new process came' END,
              CASE WHEN errors_read > 0 THEN printf(', with %d read errors', errors_read)
                   ELSE '' END),
       'Look into the server''s log and into dmesg.'
FROM run_signs
WHERE gone > 0 AND server_end IS NULL AND coalesce(server_output, '') NOT LIKE '%WORKER TIMEOUT%'
  AND (gone < workers OR fresh = 0 OR errors - coalesce(errors_timeout, 0) > 0)

-- Row 8.
UNION ALL
SELECT run_id, 'workers recycled',
       printf('All %d workers were replaced by new processes, without an error%s, as by a limit of '
              || 'requests for a worker.', workers,
              CASE WHEN opened > 1.5 * connections
                   THEN printf('; %d connections were opened for %d', opened, connections)
                   ELSE '' END),
       'Turn recycling off for a benchmark (gunicorn --max-requests, uWSGI max-requests).'
FROM run_signs
WHERE gone >= workers AND workers > 0 AND fresh > 0 AND server_end IS NULL
  AND coalesce(server_output, '') NOT LIKE '%WORKER TIMEOUT%'
  AND errors - coalesce(errors_timeout, 0) = 0

-- Row 9.
UNION ALL
SELECT run_id, 'server died',
       printf('The server ended during the run (%s)%s%s.', server_end,
              CASE WHEN errors > 0 THEN printf('; %d socket errors', errors) ELSE '' END,
              CASE WHEN attempts_failed > 0
                   THEN printf('; %d connects failed', attempts_failed) ELSE '' END),
       'The last lines of its output are stored with the run (server_output).'
FROM run_signs
WHERE server_end IS NOT NULL

-- Row 9 from the client's side. wrk does not look at the result of a connect: its write fails.
UNION ALL
SELECT run_id, 'connections refused',
       CASE WHEN refused > 0
            THEN printf('%d connects were refused: for a while nobody listened.', refused)
            ELSE printf('%d write errors on %d connections: wrk counts refused connects there, and '
                        || 'tries again at once. The server most likely stopped listening in the '
                        || 'run: it died, was stopped, or started anew.',
                        errors_write, connections) END,
       'See whether the server was alive at the end, and what its log says.'
FROM run_signs
WHERE is_refused AND server_end IS NULL

-- What a start of the server left behind when it was stopped, told of each run with that start.
UNION ALL
SELECT e.run_id, 'hard to stop',
       printf('The server did not end by its own stop signal: %s.', s.note),
       'Give the suite the signal that ends it (uWSGI with --master: "stop": {"signal": "INT"}), or '
       || 'more time ("within").'
FROM runs AS e
JOIN server_stops AS s ON s.campaign_id = e.campaign_id AND s.server_start = e.server_start
WHERE s.forced = 1

-- Row 10.
UNION ALL
SELECT run_id, 'not begun',
       printf('The run did not begin: %s.', rtrim(failure, '. ' || char(10))),
       'Mend the server''s start, or the readiness check of the suite.'
FROM run_signs
WHERE status = 'failed' AND requests IS NULL AND failure IS NOT NULL AND server_end IS NULL

-- ---- limits ----------------------------------------------------------------------------------

-- Row 11. wrk counts here only what fails at once, and never tries such a connection again.
UNION ALL
SELECT run_id,
       CASE WHEN file_faults > 0 THEN 'client out of files'
            WHEN port_faults > 0 THEN 'client out of ports'
            ELSE 'client out of files or ports' END,
       CASE WHEN file_faults > 0
            THEN printf('%d sockets could not be opened: the client''s limit of open files is too '
                        || 'low.', file_faults)
            WHEN port_faults > 0
            THEN printf('%d connects found no free local port.', port_faults)
            ELSE printf('%d of %d connections could not be opened and were never tried again: the '
                        || 'load came from the other %d. The client may lack open files or local '
                        || 'ports.', errors_connect, connections, connections - errors_connect) END,
       CASE WHEN port_faults > 0
            THEN 'Widen net.ipv4.ip_local_port_range, or keep connections alive.'
            ELSE 'Raise `ulimit -n` of the client above the number of connections.' END
FROM run_signs
WHERE errors_connect > 0
  AND (file_faults > 0 OR port_faults > 0 OR by_wrk AND errors_connect <= connections)

-- Row 12.
UNION ALL
SELECT run_id, 'server out of files',
       printf('The server''s log says "Too many open files"%s.',
              CASE WHEN connections_answered < connections
                   THEN printf(': only %d of %d connections ever got a reply',
                               connections_answered, connections)
                   ELSE '' END),
       'Raise `ulimit -n` of the server well above the number of connections.'
FROM run_signs
WHERE server_lacks_files AND server_end IS NULL
  AND (by_wrk OR connections_answered < connections)

-- Row 13: each worker holds one connection, or few, as long as it stays open.
UNION ALL
SELECT run_id, 'starved connections',
       printf('Only %d of %d connections ever got a reply%s: the others waited in vain, and no '
              || 'latency shows it. A worker may hold its connection for as long as it is open, or '
              || 'the server may take no more connections than these.',
              connections_answered, connections,
              CASE WHEN busy > 0 THEN printf(' (on average %.1f requests were open)', busy)
                   ELSE '' END),
       'Use no more connections than the server serves at once, or more workers or threads, '
       || 'another worker class, a higher limit of connections.'
FROM run_signs
WHERE is_starved AND NOT server_lacks_files AND NOT is_refused AND NOT stood_still

-- Row 13 from wrk's text, which does not know who was answered; and from ours, where all were.
UNION ALL
SELECT run_id, 'few connections busy',
       printf('Rate x mean latency = %.4g: of %d connections only about so many had a request that '
              || 'latency shows. The others waited where it does not: %s.', busy, places,
              CASE WHEN by_wrk
                   THEN 'to be connected or accepted, past the timeout, or for a reply that never '
                        || 'came; a worker may also serve a few connections again and again'
                   ELSE 'for a reply that never came, or for the client' END),
       'Compare with the number of workers; try as many connections as the server serves at once.'
FROM run_signs
WHERE is_closed_loop AND requests >= 2 * connections AND busy < 0.5 * (places -
      CASE WHEN by_wrk THEN coalesce(errors_connect, 0) ELSE 0 END)
  AND coalesce(listen_overflows, 0) = 0 AND NOT is_refused AND NOT stood_still
  AND CASE WHEN by_wrk
           THEN probe_framing IS NULL OR NOT lost_each
           ELSE connections_answered = connections AND errors = 0 AND keepalive = 1
                AND requests >= 20 * connections AND reconnects < 0.1 * requests END

-- ---- time ------------------------------------------------------------------------------------

-- Row 14.
UNION ALL
SELECT run_id, 'server stalled',
       printf('%d timeouts for %d connections, %s: the whole server may have stood still for '
              || 'longer than %.3g s (a collection of garbage, a stopped or starved process, '
              || 'a stopped host).',
              errors_timeout, connections,
              CASE WHEN by_wrk THEN 'while the other replies were fast' ELSE 'all at one time' END,
              limit_ns / 1e9),
       'Look at requests and stolen time second by second, and at the server''s log.'
FROM run_signs
WHERE stood_still AND NOT is_refused

-- wrk's timeout: a reply that came too late; it is a request and no latency.
UNION ALL
SELECT run_id, 'late replies',
       printf('%d replies came later than the timeout%s. wrk leaves them out of its latencies: '
              || 'mean and percentiles are too low, and the true maximum is above the printed%s.',
              errors_timeout,
              CASE WHEN timeout_ns IS NULL THEN ' (2 s unless told otherwise)'
                   ELSE printf(' of %.3g s', timeout_ns / 1e9) END,
              CASE WHEN latency_max_ns > 0 THEN printf(' %.3g s', latency_max_ns / 1e9)
                   ELSE '' END),
       'Load with a timeout above the slowest reply, or with wrkbook run, which keeps all of them.'
FROM run_signs
WHERE by_wrk AND errors_timeout > 0 AND requests > 0
  AND NOT stood_still AND coalesce(listen_overflows, 0) = 0

UNION ALL
SELECT run_id, 'timeouts',
       printf('%d requests got no whole reply within %.3g s%s.', errors_timeout, limit_ns / 1e9,
              CASE WHEN requests > 0
                   THEN printf(' (%.2g %% of all)',
                               100.0 * errors_timeout / (requests + errors_timeout))
                   ELSE '' END),
       'See latency by time: the server may serve its connections unevenly, or queue too many.'
FROM run_signs
WHERE by_us AND errors_timeout > 0 AND limit_ns IS NOT NULL
  AND NOT stood_still AND NOT is_starved AND NOT is_silent AND NOT is_refused
  AND NOT server_lacks_files
  AND coalesce(listen_overflows, 0) = 0 AND coalesce(busy_before, 0) = 0

-- A reply that is later than the timeout comes after the run.
UNION ALL
SELECT run_id, 'timeouts hidden',
       printf('The timeout (%.3g s) is not shorter than the run (%.3g s), so that no timeout could '
              || 'be counted; the slowest reply that was seen took %.3g s.',
              timeout_ns / 1e9, asked_duration_ns / 1e9, latency_max_ns / 1e9),
       'Load for several times the timeout.'
FROM run_signs
WHERE timeout_ns >= asked_duration_ns AND latency_max_ns >= asked_duration_ns / 2
  AND coalesce(errors_timeout, 0) = 0

UNION ALL
SELECT run_id, 'latency above the timeout',
       printf('The printed maximum (%.3g s) is above the timeout of the command (%.3g s), which '
              || 'wrk never prints: the command may not be the one that made this text.',
              latency_max_ns / 1e9, timeout_ns / 1e9),
       'Look at the log and its command.'
FROM run_signs
WHERE by_wrk AND latency_max_ns - coalesce(latency_max_ns_half, 0) > timeout_ns

-- wrk's Req/Sec leaves samples of 0.1 s without a reply out.
UNION ALL
SELECT run_id, 'stalls',
       printf('Req/Sec (%.4g for each thread) is %.1f times the real rate: wrk leaves out samples '
              || 'of 0.1 s without a reply, so that in about %.0f %% of the time the server '
              || 'answered nothing.',
              req_sec_mean_per_s, req_sec_mean_per_s * threads / requests_per_s,
              100 - 100 * requests_per_s / (req_sec_mean_per_s * threads)),
       'Do not quote Req/Sec. Look for what stops the server: its queue of connections, collection '
       || 'of garbage, a few connections that are served while the others wait.'
FROM run_signs
WHERE by_wrk AND req_sec_mean_per_s * threads > 1.5 * requests_per_s
  AND requests_per_s >= 50 * threads AND NOT stood_still AND NOT is_refused

-- ---- printed figures that speak against each other -------------------------------------------

-- Little's law: in a closed loop no more requests can be open than connections allow. Half widths
-- are taken off, and a quarter left for begin and end.
UNION ALL
SELECT run_id, 'mean above the possible',
       printf('Rate x mean latency = %.4g, but %d connections have no more than %d requests open: '
              || 'replies that came in took %.3g ms on average at most, not %.3g ms. %s',
              least_busy, connections, places, 1e3 * places / requests_per_s,
              latency_mean_ns / 1e6,
              CASE WHEN latency_kind = 'corrected by wrk'
                   THEN 'wrk puts made-up latencies beside each slow one (its correction for '
                        || 'coordinated omission); or a script sends several requests at once.'
                   WHEN by_wrk
                   THEN 'Before 4.0 wrk takes a sample now and then, which slow replies may fill.'
                   ELSE 'More may have been open at once than the text tells (streams, pipelining), '
                        || 'or its figures are not of one run.' END),
       'Do not quote mean and percentiles as measured. wrkbook run keeps each reply''s own latency, '
       || 'and with -R the wait of those that could not be sent.'
FROM (SELECT s.*, (requests_per_s - coalesce(requests_per_s_half, 0))
                  * (latency_mean_ns - coalesce(latency_mean_ns_half, 0)) / 1e9 AS least_busy
      FROM run_signs AS s WHERE is_closed_loop AND NOT by_us AND tool <> 'wrk2')
WHERE least_busy > 1.25 * places AND requests >= 10 * connections

-- The same of latencies that count from when a request was due: they may queue.
UNION ALL
SELECT run_id, 'behind the asked rate',
       printf('Rate x mean latency = %.4g: so many requests were due and not answered on average, '
              || 'and the %d connections can have no more than %d open. The others waited for their '
              || 'turn: the server did not keep the asked rate%s.',
              busy, connections, places,
              CASE WHEN rate_per_s > 0
                   THEN printf(' (%.4g asked, %.4g reached)', rate_per_s, requests_per_s)
                   ELSE '' END),
       'Such latencies grow with the duration and tell of the queue. Ask for a lower rate.'
FROM run_signs
WHERE latency_kind = 'from due time' AND NOT by_us
  AND busy > 1.25 * places AND requests >= 10 * connections

-- wrk's own texts are judged as they are read (doubtful log).
UNION ALL
SELECT run_id, 'rate unlike the count',
       printf('%d requests in %.4g s are %.5g a second, and the text says %.5g: one of the two may '
              || 'count failed requests%s or a warm-up that the other leaves out, or they are not '
              || 'of one run.',
              requests, elapsed_ns / 1e9, requests * 1e9 / elapsed_ns, requests_per_s,
              CASE WHEN errors > 0 THEN printf(' (%d errors)', errors) ELSE '' END),
       'Look at the log (wrkbook logs), and say which of the two is quoted.'
FROM run_signs
WHERE NOT by_us AND printed_mismatch IS NULL AND elapsed_ns > 0 AND requests_per_s > 0
  AND abs(requests * 1e9 / elapsed_ns - requests_per_s)
      > requests_per_s * (0.02 + coalesce(elapsed_ns_half, 0) * 1.0 / elapsed_ns)
        + coalesce(requests_per_s_half, 0)

UNION ALL
SELECT run_id, 'latencies out of order',
       printf('No sample has these latencies: %s.', disorder),
       'Look at the log (wrkbook logs): it may be cut, edited, or two runs mixed.'
FROM (SELECT run_id,
             CASE WHEN latency_p50_ns - coalesce(latency_p50_ns_half, 0)
                       > latency_p90_ns + coalesce(latency_p90_ns_half, 0)
                  THEN printf('50 %% within %.3g ms and 90 %% within %.3g ms',
                              latency_p50_ns / 1e6, latency_p90_ns / 1e6)
                  WHEN latency_p90_ns - coalesce(latency_p90_ns_half, 0)
                       > latency_p95_ns + coalesce(latency_p95_ns_half, 0)
                  THEN printf('90 %% within %.3g ms and 95 %% within %.3g ms',
                              latency_p90_ns / 1e6, latency_p95_ns / 1e6)
                  WHEN latency_p95_ns - coalesce(latency_p95_ns_half, 0)
                       > latency_p99_ns + coalesce(latency_p99_ns_half, 0)
                  THEN printf('95 %% within %.3g ms and 99 %% within %.3g ms',
                              latency_p95_ns / 1e6, latency_p99_ns / 1e6)
                  WHEN latency_p90_ns - coalesce(latency_p90_ns_half, 0)
                       > latency_p99_ns + coalesce(latency_p99_ns_half, 0)
                  THEN printf('90 %% within %.3g ms and 99 %% within %.3g ms',
                              latency_p90_ns / 1e6, latency_p99_ns / 1e6)
                  -- A histogram's last bucket may lie a little above the maximum.
                  WHEN latency_p99_ns - coalesce(latency_p99_ns_half, 0)
                       > 1.01 * (latency_max_ns + coalesce(latency_max_ns_half, 0))
                  THEN printf('99 %% within %.3g ms and at most %.3g ms',
                              latency_p99_ns / 1e6, latency_max_ns / 1e6)
                  WHEN latency_mean_ns - coalesce(latency_mean_ns_half, 0)
                       > latency_max_ns + coalesce(latency_max_ns_half, 0)
                  THEN printf('%.3g ms on average and at most %.3g ms',
                              latency_mean_ns / 1e6, latency_max_ns / 1e6)
                  WHEN latency_min_ns - coalesce(latency_min_ns_half, 0)
                       > latency_mean_ns + coalesce(latency_mean_ns_half, 0)
                  THEN printf('%.3g ms on average and at least %.3g ms',
                              latency_mean_ns / 1e6, latency_min_ns / 1e6) END AS disorder
      FROM run_signs)
WHERE disorder IS NOT NULL

-- ---- replies ---------------------------------------------------------------------------------

-- Row 15.
UNION ALL
SELECT run_id, 'error replies',
       CASE WHEN errors_status >= requests
            THEN printf('All %d replies were errors%s: an error page was measured.', requests,
                        CASE WHEN probe_status THEN printf(' (status %d)', probe_status)
                             ELSE '' END)
            ELSE printf('%d of %d replies were errors by their status.', errors_status,
                        requests) END,
       'Check path and app: the wrong path, or an app that fails under load.'
FROM run_signs
WHERE errors_status > 0 AND requests > 0

UNION ALL
SELECT a.run_id, 'reply changed',
       printf('The reply after the run was another than before: status %s and %s, %s and %s bytes.',
              coalesce(b.status, 'none'), coalesce(a.status, 'none'),
              coalesce(b.body_bytes, '?'), coalesce(a.body_bytes, '?')),
       'Look at both: replies of changing content cannot be told from wrong ones.'
FROM probes AS b
JOIN probes AS a ON a.run_id = b.run_id AND a.moment = 'after'
WHERE b.moment = 'before' AND b.status IS NOT NULL AND a.status IS NOT NULL
  AND (a.status <> b.status OR a.body_sha256 <> b.body_sha256)

UNION ALL
SELECT run_id, 'doubtful log',
       printf('The text is not what its tool would have printed: %s.',
              rtrim(printed_mismatch, '.')),
       'Look at the log (wrkbook logs): it may be cut, edited, or two runs mixed.'
FROM run_signs
WHERE printed_mismatch IS NOT NULL

-- Read errors that no rule above accounts for: few, or of a cause that left no trace.
UNION ALL
SELECT run_id, 'unexplained errors',
       printf('%d read errors for %d replies%s; nothing that was seen beside the run tells why.',
              errors_read, requests,
              CASE WHEN silent_closes > 0
                   THEN printf(', %d of them closes between a reply and the next request',
                               min(silent_closes, errors_read))
                   ELSE '' END),
       'Show the count, not only that there were errors; look into the server''s log.'
FROM run_signs
WHERE errors_read > 0 AND requests > 0 AND NOT lost_each AND NOT is_refused
  AND coalesce(gone, 0) = 0 AND coalesce(probe_framing, '') <> 'eof'

-- ---- the host --------------------------------------------------------------------------------

-- Row 16 (not provoked).
UNION ALL
SELECT run_id, 'client saturated',
       printf('The client was the limit: a thread of it used %.0f %% of a core.',
              100 * client_share),
       'Give the client more threads (-t), or a host of its own.'
FROM run_signs
WHERE client_share > 0.9 AND NOT is_refused

-- Row 17 (not provoked). A leader hardly works, so a server can use a core less than processes.
UNION ALL
SELECT run_id, 'idle cores',
       printf('%.0f %% of the host''s CPU time was idle; the server used %.2g cores, the client '
              || '%.0f %% of each of its threads. Something may wait: for a lock, a queue, a '
              || 'sleep, or there are fewer workers than cores.',
              100 * (1 - foreign_cpu_share - coalesce(steal_share, 0)
                     - (server_cpu_ns * 1.0 / beside_ns + client_share * threads) / cpus),
              server_cpu_ns * 1.0 / beside_ns, 100 * client_share),
       'Look at the other findings first; then try more connections or more workers.'
FROM run_signs
WHERE is_closed_loop AND beside_ns > 0 AND requests > 0 AND errors = 0 AND client_share < 0.9
  AND 1 - foreign_cpu_share - coalesce(steal_share, 0)
      - (server_cpu_ns * 1.0 / beside_ns + client_share * threads) / cpus > 0.1
  AND server_cpu_ns < 0.85 * beside_ns * min(cpus, max(1, server_processes - 1))
  AND coalesce(listen_overflows, 0) = 0 AND NOT is_starved AND NOT is_refused
  AND NOT server_lacks_files AND coalesce(busy_before, 0) = 0 AND coalesce(gone, 0) = 0

-- Row 18.
UNION ALL
SELECT run_id, 'foreign cpu',
       printf('Other processes used %.1f %% of the host''s CPU time in the run.',
              100 * foreign_cpu_share),
       'Run it again on a quiet host.'
FROM run_signs
WHERE foreign_cpu_share > 0.03

UNION ALL
SELECT run_id, 'stolen cpu',
       printf('The hypervisor gave %.1f %% of the host''s CPU time to others.', 100 * steal_share),
       'Run it again later, or on a host without neighbours.'
FROM run_signs
WHERE steal_share > 0.02;
