-- report.lua: what wrk knows at the end of a run, whole and unrounded: every figure, and the latency
-- histogram at 1 us, of which wrk's own text shows a few rounded numbers.
--
--   WRK_JSON=run1.json wrk -t4 -c100 -d30s -s report.lua http://127.0.0.1:8000/
--   WRK_CSV=runs.csv   wrk -t4 -c100 -d30s -s report.lua http://127.0.0.1:8000/   (a line a run)
--   wrkbook import --db results.db run1.json runs.csv
--
-- One of the two is enough: the CSV has no histogram. WRK_CONNECTIONS, WRK_DURATION_S and
-- WRK_TIMEOUT_S may tell what a script cannot ask wrk for. A file of that name is replaced (JSON), or
-- gets one more line (CSV).

local threads = 0
local started = os.time()

function setup(thread)
   threads = threads + 1
end

local function quoted(text)
   return '"' .. string.gsub(text, '[%c"\\]', function(c)
      return string.format("\\u%04x", string.byte(c))
   end) .. '"'
end

local function url()
   return string.format("%s://%s%s%s", wrk.scheme or "http", wrk.host or "",
                        wrk.port and ":" .. wrk.port or "", wrk.path or "/")
end

-- latency(i) looks from the smallest value on each time: many distinct values with a long tail would
-- take minutes, and are left out.
local function histogram(latency)
   local n, parts = #latency, {}
   if n == 0 or n * latency.max > 2e10 then return nil end
   for i = 1, n do
      local value, count = latency(i)
      parts[i] = string.format("[%d,%d]", value, count)
   end
   return "[" .. table.concat(parts, ",") .. "]"
end

local function optional(list, name, value)
   if value then list[#list + 1] = string.format('"%s": %s', name, value) end
end

local function write_json(path, summary, latency)
   local e, list = summary.errors, {}
   optional(list, "wrk_report", 1)
   optional(list, "url", quoted(url()))
   optional(list, "started_at", quoted(os.date("!%Y-%m-%dT%H:%M:%SZ", started)))
   optional(list, "threads", threads)
   optional(list, "connections", tonumber(os.getenv("WRK_CONNECTIONS")))
   optional(list, "asked_duration_s", tonumber(os.getenv("WRK_DURATION_S")))
   optional(list, "timeout_s", tonumber(os.getenv("WRK_TIMEOUT_S")))
   optional(list, "duration_us", string.format("%d", summary.duration))
   optional(list, "requests", string.format("%d", summary.requests))
   optional(list, "bytes", string.format("%.0f", summary.bytes))
   optional(list, "errors", string.format('{"connect": %d, "read": %d, "write": %d, "status": %d, "timeout": %d}',
                                          e.connect, e.read, e.write, e.status, e.timeout))
   if summary.requests > 0 then
      optional(list, "latency_us", string.format('{"min": %d, "max": %d, "mean": %.17g, "stdev": %.17g}',
                                                 latency.min, latency.max, latency.mean, latency.stdev))
      local percentiles = {}
      for _, p in ipairs({50, 75, 90, 95, 99, 99.9, 99.99}) do
         percentiles[#percentiles + 1] = string.format('"%g": %d', p, latency:percentile(p))
      end
      optional(list, "percentiles_us", "{" .. table.concat(percentiles, ", ") .. "}")
      optional(list, "histogram_us", histogram(latency))
   end
   local file = assert(io.open(path, "w"))
   file:write("{", table.concat(list, ",\n "), "}\n")
   assert(file:close())
end

-- The columns by name, and how each is printed; what is not known stays empty.
local function row(summary, latency)
   local e, some = summary.errors, summary.requests > 0
   local connections, timeout = tonumber(os.getenv("WRK_CONNECTIONS")), tonumber(os.getenv("WRK_TIMEOUT_S"))
   local asked = tonumber(os.getenv("WRK_DURATION_S"))
   local function ns(us) return some and string.format("%.0f", us * 1000) end
   local function s(value) return value and string.format("%.0f", value * 1e9) end
   return {
      {"tool", "wrk"}, {"status", "complete"}, {"url", '"' .. url():gsub('"', '""') .. '"'},
      {"started_at", os.date("!%Y-%m-%dT%H:%M:%SZ", started)}, {"threads", threads},
      {"connections", connections}, {"timeout_ns", s(timeout)}, {"asked_duration_ns", s(asked)},
      {"elapsed_ns", string.format("%d", summary.duration * 1000)},
      {"requests", string.format("%d", summary.requests)},
      {"requests_per_s", string.format("%.17g", summary.requests / (summary.duration / 1e6))},
      {"bytes", string.format("%.0f", summary.bytes)},
      {"errors_connect", e.connect}, {"errors_read", e.read}, {"errors_write", e.write},
      {"errors_timeout", e.timeout}, {"errors_status", e.status},
      {"latency_mean_ns", ns(latency.mean)}, {"latency_stdev_ns", ns(latency.stdev)},
      {"latency_max_ns", ns(latency.max)}, {"latency_p50_ns", ns(latency:percentile(50))},
      {"latency_p75_ns", ns(latency:percentile(75))}, {"latency_p90_ns", ns(latency:percentile(90))},
      {"latency_p99_ns", ns(latency:percentile(99))}, {"latency_p999_ns", ns(latency:percentile(99.9))},
      {"latency_min_ns", ns(latency.min)}, {"latency_p95_ns", ns(latency:percentile(95))},
      {"latency_kind", some and "corrected by wrk"},
   }
end

local function write_csv(path, summary, latency)
   local old = io.open(path, "r")
   if old then old:close() end
   local file, names, values = assert(io.open(path, "a")), {}, {}
   for i, cell in ipairs(row(summary, latency)) do
      names[i], values[i] = cell[1], tostring(cell[2] or "")
   end
   if not old then file:write(table.concat(names, ","), "\n") end
   file:write(table.concat(values, ","), "\n")
   assert(file:close())
end

function done(summary, latency, requests)
   local json, csv = os.getenv("WRK_JSON"), os.getenv("WRK_CSV")
   if not json and not csv then
      io.stderr:write("report.lua: name a file in WRK_JSON or WRK_CSV\n")
      return
   end
   if json then write_json(json, summary, latency) end
   if csv then write_csv(csv, summary, latency) end
end
