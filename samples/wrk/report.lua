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

local function write_csv(path, summary, latency)
   local names = {"tool", "status", "url", "threads", "elapsed_ns", "requests", "requests_per_s", "bytes",
                  "errors_connect", "errors_read", "errors_write", "errors_timeout", "errors_status"}
   local e = summary.errors
   local old = io.open(path, "r")
   if old then old:close() end
   local file = assert(io.open(path, "a"))
   if not old then file:write(table.concat(names, ","), "\n") end
   file:write(string.format('wrk,complete,"%s",%d,%d,%d,%.17g,%.0f,%d,%d,%d,%d,%d\n', string.gsub(url(), '"', '""'), threads,
                            summary.duration * 1000, summary.requests, summary.requests / (summary.duration / 1e6),
                            summary.bytes, e.connect, e.read, e.write, e.timeout, e.status))
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
