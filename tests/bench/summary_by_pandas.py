"""The figures of a summary as a data scientist would get them: pandas.read_sql and groupby.

    summary_by_pandas.py FILE.db

Prints the sum of the medians and of the MADs, so that nobody can say that nothing was computed.
"""
import sqlite3
import sys

import numpy as np
import pandas as pd

COLUMNS = (
    "case_id, run_no, status, elapsed_ns, requests, requests_per_s, errors_connect, errors_read,"
    " errors_write, errors_timeout, errors_status, latency_mean_ns, latency_p50_ns, latency_p99_ns,"
    " latency_max_ns"
)


def main(path):
    runs = pd.read_sql(f"SELECT {COLUMNS} FROM runs", sqlite3.connect(path))
    runs = runs[runs["status"] == "complete"]
    cases = runs.groupby("case_id")
    rate = cases["requests_per_s"]
    out = rate.agg(["count", "max", "min", "mean", "median", "std"])
    out["q1"] = rate.quantile(0.25)
    out["q3"] = rate.quantile(0.75)
    out["cv"] = out["std"] / out["mean"]
    out["range_share"] = (out["max"] - out["min"]) / out["median"]
    distance = (runs["requests_per_s"] - rate.transform("median")).abs()
    out["madn"] = 1.4826022185056018 * distance.groupby(runs["case_id"]).median()
    deviation = distance / out["madn"].reindex(runs["case_id"]).to_numpy()
    out["outliers"] = (deviation > 5).groupby(runs["case_id"]).sum()
    out["pooled"] = cases["requests"].sum() / cases["elapsed_ns"].sum() * 1e9
    window = runs["requests"] * 1e10 / runs["elapsed_ns"]
    out["window_min"] = window.groupby(runs["case_id"]).min()
    out["window_max"] = window.groupby(runs["case_id"]).max()
    errors = ["errors_connect", "errors_read", "errors_write", "errors_timeout", "errors_status"]
    out = out.join(cases[errors].sum())
    bad = runs[errors[:4]].sum(axis=1) > 0
    out["runs_with_errors"] = bad.groupby(runs["case_id"]).sum()
    for name in ("latency_mean_ns", "latency_p50_ns", "latency_p99_ns", "latency_max_ns"):
        out[name] = cases[name].median()
    print(f"{np.nansum(out['median']):.6f} {np.nansum(out['madn']):.6f}")


main(sys.argv[1])
