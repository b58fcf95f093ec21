/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_KOLMOGOROV_SMIRNOV_H
#define AZURE_KOLMOGOROV_SMIRNOV_H

#include <algorithm>
#include <cmath>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @brief The Kolmogorov-Smirnov distance of a sample from the uniform distribution.
 *
 * @param sample the sample
 * @param lower lower bound of the distribution
 * @param upper upper bound of the distribution
 * @return the largest distance between the two distribution functions, 0 to 1
 */
inline double
KolmogorovSmirnovUniform(std::vector<double> sample, double lower, double upper)
{
    std::sort(sample.begin(), sample.end());
    const auto n = static_cast<double>(sample.size());
    double distance = 0;
    for (std::size_t i = 0; i < sample.size(); i++)
    {
        const double f = std::clamp((sample[i] - lower) / (upper - lower), 0.0, 1.0);
        distance = std::max({distance, (i + 1) / n - f, f - i / n});
    }
    return distance;
}

/**
 * @brief The distance that a sample of a uniform variable exceeds once in a hundred.
 *
 * @param n size of the sample, more than 35 for the asymptotic form to hold
 * @return the distance
 */
inline double
KolmogorovSmirnovCritical(std::size_t n)
{
    return 1.628 / std::sqrt(static_cast<double>(n));
}

} // namespace azure
} // namespace ns3

#endif /* AZURE_KOLMOGOROV_SMIRNOV_H */
