/*
 * Distributions: everything here but the normal one is the incomplete beta function, seen from
 * another side. Quantiles are Newton steps kept inside a bracket that shrinks with every value.
 */
#include "analyze/distributions.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

#define PI 3.141592653589793238462643383279502884

double wb_dist_pnorm(double x)
{
    return 0.5 * erfc(-x / sqrt(2.0));
}

double wb_dist_qnorm(double p)
{
    double x;

    assert(p >= 0 && p <= 1);
    if (p > 0.5)
        return -wb_dist_qnorm(1 - p);
    if (p == 0)
        return -INFINITY;
    /* Any start right to a digit will do (here the leading term of the tail); Halley's step
     * triples the digits. */
    x = p < 0.1 ? -sqrt(-2 * log(p) - log(-2 * log(p)) - log(2 * PI) * 0.5) : (p - 0.5) * 2.6;
    for (int i = 0; i < 20; i++) {
        double density = exp(-0.5 * x * x) / sqrt(2 * PI);
        double u = (wb_dist_pnorm(x) - p) / density;
        double step = u / (1 + 0.5 * x * u);

        x -= step;
        if (fabs(step) <= 1e-16 * fabs(x))
            break;
    }
    return x;
}

/* ln Gamma(z + 1) less Stirling's main terms. Small z climbs to the series by the exact
 * difference of neighbours. */
static double stirling_rest(double z)
{
    double sum = 0;
    double q;

    for (; z < 15; z += 1)
        sum += (z + 0.5) * log1p(1 / z) - 1;
    q = 1 / (z * z);
    return sum + (1.0 / 12 - q * (1.0 / 360 - q * (1.0 / 1260 - q * (1.0 / 1680 - q / 1188)))) / z;
}

/* x ln(x/m) + m - x, without the loss of digits where x is near m. */
static double deviance(double x, double m)
{
    double v = (x - m) / (x + m);
    double sum, term;

    if (fabs(v) > 0.1)
        return x * log(x / m) + m - x;
    sum = (x - m) * v;
    term = 2 * x * v;
    for (int j = 1; j < 100; j++) {
        double next;

        term *= v * v;
        next = sum + term / (2 * j + 1);
        if (next == sum)
            break;
        sum = next;
    }
    return sum;
}

/* x^a y^b / B(a, b): Loader's saddle point form of the binomial density, for real a and b. */
static double beta_factor(double a, double b, double x, double y)
{
    double n = a + b;
    double exponent = stirling_rest(n) - stirling_rest(a) - stirling_rest(b) - deviance(a, n * x) -
                      deviance(b, n * y);

    return exp(exponent) * sqrt(a * b / (2 * PI * n));
}

/* The continued fraction of I_x(a, b), by Lentz's method; quick for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1;
    double d = 1 - (a + b) * x / (a + 1);
    double h;

    d = 1 / (fabs(d) < tiny ? tiny : d);
    h = d;
    for (int m = 1; m < 100000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double change;

        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        h *= c * d;
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        change = c * d;
        h *= change;
        if (fabs(change - 1) < 1e-16)
            break;
    }
    return h;
}

double wb_dist_ibeta(double a, double b, double x, double y)
{
    assert(a > 0 && b > 0);
    if (x <= 0)
        return 0;
    if (y <= 0)
        return 1;
    if (x > (a + 1) / (a + b + 2))
        return 1 - beta_factor(a, b, x, y) * beta_fraction(b, a, y) / b;
    return beta_factor(a, b, x, y) * beta_fraction(a, b, x) / a;
}

double wb_dist_qbeta(double p, double a, double b)
{
    double lo = 0, hi = 1;
    double x = a / (a + b);

    assert(p >= 0 && p <= 1);
    if (p == 0 || p == 1)
        return p;
    for (int i = 0; i < 200; i++) {
        double off = wb_dist_ibeta(a, b, x, 1 - x) - p;
        double density = beta_factor(a, b, x, 1 - x) / (x * (1 - x));
        double next = x - off / density;

        if (off > 0)
            hi = x;
        else
            lo = x;
        if (!(next > lo && next < hi))
            next = 0.5 * (lo + hi);
        if (fabs(next - x) <= 1e-15 * next || off == 0)
            return off == 0 ? x : next;
        x = next;
    }
    return x;
}

double wb_dist_t_upper(double t, double df)
{
    double square = t * t;
    double tail = 0.5 * wb_dist_ibeta(df / 2, 0.5, df / (df + square), square / (df + square));

    return t >= 0 ? tail : 1 - tail;
}

double wb_dist_qt(double p, double df)
{
    double lo = 0, hi = INFINITY;
    double t;

    assert(p > 0 && p < 1 && df > 0);
    if (p < 0.5)
        return -wb_dist_qt(1 - p, df);
    /* The tail is convex, so steps from the left stay left of the root: the normal quantile is
     * never above t's. */
    t = wb_dist_qnorm(p);
    for (int i = 0; i < 200 && t > 0; i++) {
        double square = t * t;
        double off = wb_dist_t_upper(t, df) - (1 - p);
        double density = beta_factor(df / 2, 0.5, df / (df + square), square / (df + square)) / t;
        double next = t + off / density;

        if (off > 0)
            lo = t;
        else
            hi = t;
        if (!(next > lo && next < hi))
            next = isinf(hi) ? 2 * t : 0.5 * (lo + hi);
        if (fabs(next - t) <= 1e-15 * next || off == 0)
            return off == 0 ? t : next;
        t = next;
    }
    return t;
}

double wb_dist_pbinom_half(int64_t k, int64_t n)
{
    if (k < 0)
        return 0;
    if (k >= n)
        return 1;
    return wb_dist_ibeta((double)(n - k), (double)(k + 1), 0.5, 0.5);
}
