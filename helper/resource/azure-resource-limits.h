/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RESOURCE_LIMITS_H
#define AZURE_RESOURCE_LIMITS_H

#include <cstddef>
#include <cstdint>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Upper bounds that keep every input from hanging or exhausting the importer.
 *
 * Where Azure has a limit of its own, this one is at least as large.
 */
struct ResourceLimits
{
    static constexpr std::size_t TextBytes = 8u << 20;     //!< size of one file; Azure: 4 MB
    static constexpr std::size_t JsonDepth = 64;           //!< nested objects and arrays
    static constexpr std::size_t ExpressionLength = 24576; //!< characters, as Azure
    static constexpr std::size_t ExpressionDepth = 64;     //!< nested calls, as parsed
    static constexpr std::size_t EvaluationDepth =
        400;                                          //!< nested evaluations, over all expressions
    static constexpr std::size_t CopyCount = 800;     //!< iterations of one loop, as Azure
    static constexpr std::size_t Resources = 2000;    //!< after all loops; Azure: 800
    static constexpr std::size_t DeploymentDepth = 5; //!< nested deployments, as Azure
    static constexpr std::size_t ScaleSetInstances = 1000; //!< of one scale set, as Azure
    static constexpr std::size_t ScaleSetTotal = 20000; //!< instances and their addresses, of all
    static constexpr std::size_t RangeCount = 10000;    //!< elements of range(), as Azure
    static constexpr std::size_t ValueSize = 400000;    //!< JSON nodes plus 16-byte text units
    static constexpr std::size_t ResultBytes = 16 * ValueSize; //!< text made by one function
    static constexpr uint64_t Steps = 20000000;                //!< nodes handled in one import
    static constexpr std::size_t Errors = 100;                 //!< errors reported; the rest is cut

    /**
     * @param most the most bytes that a text may have
     * @return what is said of one that has more, for example "is larger than 8 MiB"
     */
    static std::string WhyTooLarge(std::size_t most)
    {
        const bool isWhole = most >= (1u << 20);
        return "is larger than " + std::to_string(isWhole ? most >> 20 : most) +
               (isWhole ? " MiB" : " bytes");
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_RESOURCE_LIMITS_H */
