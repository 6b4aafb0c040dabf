-- The lowest latency and the 95th percentile: most tools print them, and k6 has no p99 unless asked.

ALTER TABLE runs ADD COLUMN latency_min_ns INTEGER;
ALTER TABLE runs ADD COLUMN latency_min_ns_half INTEGER;
ALTER TABLE runs ADD COLUMN latency_p95_ns INTEGER;
ALTER TABLE runs ADD COLUMN latency_p95_ns_half INTEGER;
