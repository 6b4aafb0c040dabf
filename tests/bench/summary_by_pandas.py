"""The figures of `analyze summary` as a data scientist would get them: pandas, and scipy.stats where
pandas has none. Whole columns at a time; case by case only what SciPy does for one sample.

    summary_by_pandas.py FILE.db          every figure of a case, and the drift of the campaign
    summary_by_pandas.py FILE.db centre   centre, spread, outliers, errors and four latencies alone

Left out, to its advantage: change points, warnings, server starts, best run's number, the table.
Prints "NAME SUM" a line, over all cases: what it computed can be held against what we do.
"""
import sqlite3
import sys

import numpy as np
import pandas as pd
from scipy import stats

ERRORS = ["errors_connect", "errors_read", "errors_write", "errors_timeout", "errors_status"]
CENTRE_LATENCIES = [f"latency_{name}_ns" for name in ("mean", "p50", "p99", "max")]
LATENCIES = [f"latency_{name}_ns" for name in ("mean", "stdev", "min", "p50", "p75", "p90", "p95", "p99", "p999", "max")]
Z = stats.norm.ppf(0.975)


def centre(runs, rate, case):
    """Sections 2 and 5 of STATISTICS: centre, spread, outliers."""
    out = rate.agg(["count", "max", "min", "mean", "median", "std"])
    out.columns = ["count", "best", "worst", "mean", "median", "stdev"]
    out["q1"] = rate.quantile(0.25)
    out["q3"] = rate.quantile(0.75)
    out["cv"] = out["stdev"] / out["mean"]
    out["range_share"] = (out["best"] - out["worst"]) / out["median"]
    distance = (runs["requests_per_s"] - rate.transform("median")).abs()
    out["madn"] = 1.4826022185056018 * distance.groupby(case).median()
    z = distance / out["madn"].reindex(case).to_numpy()
    far = (z > 5) & (distance > 0.01 * rate.transform("median").abs())
    flagged = far.groupby(case).sum()
    out["mode_split"] = flagged > out["count"] / 5
    out["outliers_n"] = flagged.where(~out["mode_split"], 0)
    out["pooled"] = runs.groupby("case_id")["requests"].sum() / runs.groupby("case_id")["elapsed_ns"].sum() * 1e9
    window = (runs["requests"] * 1e10 / runs["elapsed_ns"]).groupby(case)
    out["window_min"], out["window_max"] = window.min(), window.max()
    return out


def intervals(out, runs, rate, bad):
    """Section 4, and what is left of 2 and 5. All runs of these cases: one n a case."""
    n = out["count"].to_numpy()
    t = stats.t.ppf(0.975, n - 1)
    out["mean_ci_lo"] = out["mean"] - t * out["stdev"] / np.sqrt(n)
    out["mean_ci_hi"] = out["mean"] + t * out["stdev"] / np.sqrt(n)
    k = np.maximum(1, stats.binom.ppf(0.025, n, 0.5)).astype(int)
    ordered = runs.sort_values(["case_id", "requests_per_s"])["requests_per_s"].to_numpy()
    first = np.concatenate([[0], np.cumsum(n)[:-1]])
    out["median_ci_lo"], out["median_ci_hi"] = ordered[first + k - 1], ordered[first + n - k]
    out["median_ci_conf"] = 1 - 2 * stats.binom.cdf(k - 1, n, 0.5)
    sizes = np.arange(2, 1001)
    reach = stats.t.ppf(0.975, sizes - 1) / np.sqrt(sizes)
    out["runs_needed"] = sizes[np.searchsorted(-reach, -0.02 / out["cv"]).clip(0, len(sizes) - 1)]
    out["stability"] = pd.cut(out["cv"], [-1, 0.05, 0.15, np.inf], right=False, labels=["stable", "noisy", "wild"])
    clean = runs[~bad].groupby("case_id")["requests_per_s"]
    out["best_clean"], out["median_clean"] = clean.max(), clean.median()
    out["best_of_k"] = best_of_k(ordered, first, n, 1)  # the file has a case of one run beside these


def best_of_k(ordered, first, n, k):
    """Expected best of k runs: weights by the formula, one set for each n."""
    weights = {}
    for size in np.unique(n):
        w = np.zeros(size)
        w[-1] = k / size
        for i in range(size - 1, k - 1, -1):
            w[i - 1] = w[i] * (i + 1 - k) / i
        weights[size] = w
    return [ordered[at : at + size] @ weights[size] for at, size in zip(first, n)]


def errors(out, runs, bad, case):
    """Section 6: each class and all of them, with design effect and Wilson's interval."""
    n, with_errors = out["count"], bad.groupby(case).sum()
    out["runs_with_errors"] = with_errors
    out["error_run_ci_lo"] = stats.beta.ppf(0.025, with_errors, n - with_errors + 1)
    out["error_run_ci_hi"] = stats.beta.ppf(0.975, with_errors + 1, n - with_errors)
    attempts = runs["requests"] + runs[ERRORS[:4]].sum(axis=1)
    for name in ["errors"] + ERRORS:
        events = runs[ERRORS[:4]].sum(axis=1) if name == "errors" else runs[name]
        tried = runs["requests"] if name == "errors_status" else attempts
        total = tried.groupby(case).sum()
        sums = events.groupby(case).sum()
        p = sums / total
        p_of_run = p.reindex(case).to_numpy()
        with np.errstate(all="ignore"):
            square = (events - tried * p_of_run) ** 2 / (tried * p_of_run * (1 - p_of_run))
            deff = (square.groupby(case).sum() / (n - 1)).clip(lower=1)
        m = total / deff
        middle = (p + Z * Z / (2 * m)) / (1 + Z * Z / m)
        half = Z * np.sqrt(p * (1 - p) / m + Z * Z / (4 * m * m)) / (1 + Z * Z / m)
        out[name] = sums
        name = name.removesuffix("s") if name == "errors" else name
        out[name + "_rate"], out[name + "_deff"] = p, deff
        out[name + "_ci_lo"], out[name + "_ci_hi"] = (middle - half).where(sums > 0, 0), middle + half


def trend(of_case):
    """Section 8 for one case: Mann and Kendall's test, Theil and Sen's slope per run and per hour."""
    y = of_case["requests_per_s"].to_numpy()
    hours = of_case["started"].to_numpy() / 3600
    percent = 100 / np.median(y)
    return pd.Series(
        {
            "mk_p_uncorrected": stats.kendalltau(np.arange(len(y)), y, method="asymptotic").pvalue,
            "slope_pct_per_run": stats.theilslopes(y).slope * percent,
            "slope_pct_per_hour": stats.theilslopes(y, hours).slope * percent,
        }
    )


def campaign(runs, rate):
    """Section 8 for all runs in order: 2000 evenly spaced residuals, and the cases' first runs."""
    residual = np.log(runs["requests_per_s"] / rate.transform("median"))
    at = np.arange(2000) * (len(runs) - 1) // 1999 if len(runs) > 2000 else np.arange(len(runs))
    some = residual.to_numpy()[at]
    stats.kendalltau(at, some)
    stats.theilslopes(some, runs["started"].to_numpy()[at] / 3600)
    np.corrcoef(some[:-1], some[1:])
    stats.wilcoxon(residual.groupby(runs["case_id"]).first())


def main(path, whole):
    columns = ["case_id", "run_no", "status", "elapsed_ns", "requests", "requests_per_s"] + ERRORS
    columns += LATENCIES + ["latency_kind", "started_at"] if whole else CENTRE_LATENCIES
    runs = pd.read_sql(f"SELECT {', '.join(columns)} FROM runs ORDER BY run_id", sqlite3.connect(path))
    runs = runs[(runs["status"] == "complete") & (runs["case_id"] >= 1000)]
    case, rate = runs["case_id"], runs.groupby("case_id")["requests_per_s"]
    out = centre(runs, rate, case)
    bad = runs[ERRORS[:4]].sum(axis=1) > 0
    if whole:
        runs["started"] = pd.to_datetime(runs["started_at"]).astype("int64") / 1e9
        intervals(out, runs, rate, bad)
        errors(out, runs, bad, case)
        out = out.join(runs.groupby("case_id")[["requests_per_s", "started"]].apply(trend))
        campaign(runs, rate)
        known = [name for name in LATENCIES if runs[name].notna().any()]
        latency = runs.groupby("case_id")[known].agg(["median", "min", "max"])
        what = {"median": "", "min": "_run_min", "max": "_run_max"}
        latency.columns = [a.replace("_ns", what[b] + "_ns") for a, b in latency.columns]
        out = out.join(latency)
    else:
        out = out.join(runs.groupby("case_id")[ERRORS].sum())
        out["runs_with_errors"] = bad.groupby(case).sum()
        out = out.join(runs.groupby("case_id")[CENTRE_LATENCIES].median())
    for name in out.columns:
        if out[name].dtype.kind in "if":
            print(f"{name} {np.nansum(out[name]):.17g}")


main(sys.argv[1], sys.argv[2:] != ["centre"])
