# SPDX-License-Identifier: GPL-2.0-only
"""The few statistics that the reports need."""

import math


def percentile(values, p):
    """The nearest-rank percentile, p in (0, 100], of values that need not be sorted; None of none."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(0, math.ceil(p * len(ordered) / 100) - 1)]


def spread(values):
    """Smallest, median, 90th percentile and largest of values, as a dictionary."""
    return {
        "min": min(values, default=None),
        "p50": percentile(values, 50),
        "p90": percentile(values, 90),
        "max": max(values, default=None),
    }


def kolmogorov_smirnov(values, low, high):
    """The p-value of the Kolmogorov-Smirnov test of values against the uniform on [low, high].

    The distribution of the statistic is Kolmogorov's, with Stephens' correction for small samples
    (J. R. Stat. Soc. B 32, 1970), good to about 0.01 from five values on. None for fewer than
    five values or an empty interval.
    """
    count = len(values)
    if count < 5 or not low < high:
        return None
    distance = 0.0
    for rank, value in enumerate(sorted(values)):
        expected = min(1.0, max(0.0, (value - low) / (high - low)))
        distance = max(distance, expected - rank / count, (rank + 1) / count - expected)
    root = math.sqrt(count)
    scaled = (root + 0.12 + 0.11 / root) * distance
    if scaled < 0.3:
        return 1.0
    terms = ((-1) ** (k - 1) * math.exp(-2 * (k * scaled) ** 2) for k in range(1, 101))
    return min(1.0, max(0.0, 2 * sum(terms)))
