# SPDX-License-Identifier: GPL-2.0-only
"""Statistics against published values."""

import unittest

from azlb.statistics import kolmogorov_smirnov, percentile, spread

# (sample size, significance, critical distance): L. H. Miller, J. Am. Stat. Assoc. 51, 1956
CRITICAL = [
    (5, 0.05, 0.56328),
    (10, 0.10, 0.36866),
    (10, 0.05, 0.40925),
    (10, 0.01, 0.48893),
    (20, 0.05, 0.29408),
    (20, 0.01, 0.35241),
]


def sample(count, distance):
    """Values in [0, 1] whose distance from the uniform distribution is just this."""
    return [min(1.0, rank / count + distance) for rank in range(count)]


class StatisticsTest(unittest.TestCase):
    def test_percentile(self):
        """percentiles are nearest ranks"""
        values = [50, 15, 35, 20, 40]
        for p, expected in ((5, 15), (20, 15), (30, 20), (40, 20), (50, 35), (100, 50)):
            self.assertEqual(percentile(values, p), expected, p)
        self.assertIsNone(percentile([], 50))

    def test_percentile_of_hundred(self):
        """the p-th percentile of 1 to 100 is p"""
        for p in range(1, 101):
            self.assertEqual(percentile(range(1, 101), p), p)

    def test_spread(self):
        """the spread of values, and of none"""
        self.assertEqual(
            spread([5, 1, 4, 2, 3, 10, 9, 8, 7, 6]), {"min": 1, "p50": 5, "p90": 9, "max": 10}
        )
        self.assertEqual(spread([]), {"min": None, "p50": None, "p90": None, "max": None})

    def test_critical_values(self):
        """Kolmogorov-Smirnov p-values agree with the exact tables"""
        for count, significance, distance in CRITICAL:
            p_value = kolmogorov_smirnov(sample(count, distance), 0, 1)
            self.assertAlmostEqual(p_value, significance, delta=0.005, msg=(count, distance))

    def test_scale(self):
        """the interval is a matter of units"""
        values = sample(10, 0.40925)
        moved = [5 + 3 * value for value in values]
        self.assertAlmostEqual(
            kolmogorov_smirnov(moved, 5, 8), kolmogorov_smirnov(values, 0, 1), places=9
        )

    def test_extremes(self):
        """an even sample is uniform, one point is not"""
        self.assertEqual(kolmogorov_smirnov([(i + 0.5) / 50 for i in range(50)], 0, 1), 1.0)
        self.assertLess(kolmogorov_smirnov([0.5] * 50, 0, 1), 1e-9)
        self.assertLess(kolmogorov_smirnov([7] * 50, 0, 1), 1e-9)

    def test_no_answer(self):
        """no p-value of too few values or of an empty interval"""
        self.assertIsNone(kolmogorov_smirnov([0.1, 0.2, 0.3, 0.4], 0, 1))
        self.assertIsNone(kolmogorov_smirnov([1.0] * 9, 1, 1))
