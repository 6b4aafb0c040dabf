#!/usr/bin/env python3
"""import_by_script.py DB FILE|FOLDER...: wrk logs into SQLite, as a user's own script does it.

What import_bench.sh measures `wrkbook import` against: a regular expression a figure, one row a run,
one commit a file. It keeps fewer figures, no text, no rounding, and finds no doubled file.
"""
import os
import re
import sqlite3
import sys

BLOCK = re.compile(r"Running \S+ test @ .*?Transfer/sec:[^\n]*", re.S)
FIGURES = {
    "url": r"test @ (\S+)",
    "duration": r"Running (\S+) test",
    "threads": r"(\d+) threads",
    "connections": r"and (\d+) connections",
    "latency_mean": r"Latency\s+(\S+)",
    "latency_stdev": r"Latency\s+\S+\s+(\S+)",
    "latency_max": r"Latency\s+\S+\s+\S+\s+(\S+)",
    "req_sec_mean": r"Req/Sec\s+(\S+)",
    "req_sec_stdev": r"Req/Sec\s+\S+\s+(\S+)",
    "req_sec_max": r"Req/Sec\s+\S+\s+\S+\s+(\S+)",
    "p50": r"50%\s+(\S+)",
    "p75": r"75%\s+(\S+)",
    "p90": r"90%\s+(\S+)",
    "p99": r"99%\s+(\S+)",
    "requests": r"(\d+) requests in",
    "elapsed": r"requests in ([^\s,]+)",
    "bytes": r"in \S+ (\S+) read",
    "errors_connect": r"Socket errors: connect (\d+)",
    "errors_read": r"Socket errors:.* read (\d+)",
    "errors_write": r"Socket errors:.* write (\d+)",
    "errors_timeout": r"Socket errors:.* timeout (\d+)",
    "errors_status": r"Non-2xx or 3xx responses: (\d+)",
    "requests_per_s": r"Requests/sec:\s+(\S+)",
    "transfer_per_s": r"Transfer/sec:\s+(\S+)",
}
FIGURES = {name: re.compile(pattern) for name, pattern in FIGURES.items()}
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "": 1, "k": 1e3, "M": 1e6, "G": 1e9,
         "B": 1, "KB": 1024, "MB": 1024 ** 2, "GB": 1024 ** 3, "TB": 1024 ** 4}
NUMBER = re.compile(r"([\d.]+)([a-zA-Z]*)$")


def value_of(text):
    match = NUMBER.match(text)
    return float(match.group(1)) * UNITS[match.group(2)] if match else None


def run_of(block):
    run = {}
    for name, pattern in FIGURES.items():
        match = pattern.search(block)
        text = match.group(1) if match else None
        run[name] = text if text is None or name == "url" else value_of(text)
    return run


def files_of(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, _, names in os.walk(path):
            for name in sorted(names):
                yield os.path.join(folder, name)


def main():
    db = sqlite3.connect(sys.argv[1])
    columns = ", ".join(FIGURES)
    db.execute(f"CREATE TABLE runs (file, {columns})")
    insert = f"INSERT INTO runs VALUES ({', '.join('?' * (len(FIGURES) + 1))})"
    for path in files_of(sys.argv[2:]):
        with open(path, encoding="utf-8", errors="replace") as log:
            text = log.read()
        for match in BLOCK.finditer(text):
            db.execute(insert, [path, *run_of(match.group(0)).values()])
        db.commit()


main()
