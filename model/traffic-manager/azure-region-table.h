/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_REGION_TABLE_H
#define AZURE_REGION_TABLE_H

#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A region of Azure, or any other place that clients and endpoints are at.
 */
struct Region
{
    std::string name;      //!< canonical name, for example "japaneast"
    std::string geography; //!< code of its state or country (TM-18); empty: not known
};

/**
 * @ingroup azure-load-balancing
 * @brief Regions, where they are, and the round-trip times between them.
 *
 * A time holds for the direction in which it was set, since measured ones differ by direction;
 * GetDelay() is what a symmetric link between two regions needs.
 */
class RegionTable
{
  public:
    /**
     * @brief The regions of Azure with the medians of July 2026, and their states or countries.
     * @return the table
     */
    static RegionTable MakeAzure();

    /**
     * @param text a region as people write it, for example "East US 2"
     * @return its canonical name, for example "eastus2"
     */
    static std::string CanonicalName(const std::string& text);

    /**
     * @param region a region; one of the same name is replaced, and keeps its times
     * @return its index
     */
    uint32_t Add(const Region& region);

    /**
     * @param from index of a region
     * @param to index of another region
     * @param time the round-trip time as measured from the first one
     */
    void SetRoundTripTime(uint32_t from, uint32_t to, Time time);

    /**
     * @param time the round-trip time within any region
     */
    void SetLocalRoundTripTime(Time time);

    /**
     * @param name name of a region, canonical or not
     * @return its index; nothing when there is none
     */
    std::optional<uint32_t> Find(const std::string& name) const;

    /**
     * @return the regions, in the order of their index
     */
    const std::vector<Region>& GetRegions() const;

    /**
     * @param from index of a region
     * @param to index of a region
     * @return the round-trip time as measured from the first one, or else from the second one;
     *         nothing when neither was set
     */
    std::optional<Time> GetRoundTripTime(uint32_t from, uint32_t to) const;

    /**
     * @param from index of a region
     * @param to index of a region
     * @return the one-way delay of a symmetric link: half the mean of both directions; nothing
     *         when no time was set
     */
    std::optional<Time> GetDelay(uint32_t from, uint32_t to) const;

    /**
     * @return pairs of regions, by name, of which no direction has a time, each as "a and b"
     */
    std::vector<std::string> FindGaps() const;

  private:
    std::vector<Region> m_regions;                         //!< by index
    std::vector<std::vector<std::optional<Time>>> m_times; //!< by indices, as measured
    Time m_local{MilliSeconds(1)};                         //!< within a region
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_REGION_TABLE_H */
