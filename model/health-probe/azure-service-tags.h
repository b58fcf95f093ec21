/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SERVICE_TAGS_H
#define AZURE_SERVICE_TAGS_H

#include "ns3/azure-ip-range.h"

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
 * @brief A named set of addresses (ST-1 to ST-3).
 */
struct ServiceTag
{
    std::string name;                         //!< for example "AzureTrafficManager"
    uint32_t changeNumber{0};                 //!< rises when the addresses change (ST-4)
    std::string region;                       //!< canonical name; empty: global (ST-2)
    uint32_t regionId{0};                     //!< 0: global (ST-2)
    std::string systemService;                //!< may be empty, or differ from the name (ST-2)
    std::vector<IpRange> addressPrefixes;     //!< of both families, in any order (ST-3)
    std::vector<std::string> networkFeatures; //!< where it may be used; may be empty (ST-3)
};

/**
 * @ingroup azure-load-balancing
 * @brief Azure's service tags: which addresses the platform's own traffic comes from.
 *
 * The tag AzureLoadBalancer, 168.63.129.16, is always there: Azure's file does not have it
 * (ST-12 to ST-14).
 */
class ServiceTags
{
  public:
    ServiceTags();

    /**
     * @brief The tag of Traffic Manager's probes, as Azure published it in November 2025 (ST-6).
     * @return the tags
     */
    static ServiceTags MakeAzure();

    /**
     * @param tag a tag; one of the same name is replaced
     */
    void Add(const ServiceTag& tag);

    /**
     * @param name name of a tag; case does not matter
     * @return the tag, or null
     */
    const ServiceTag* Find(const std::string& name) const;

    /**
     * @return the tags, in the order in which they were added
     */
    const std::vector<ServiceTag>& GetTags() const;

    /**
     * @param address an address
     * @return names of the tags that hold it; there may be several (ST-5)
     */
    std::vector<std::string> FindTagsOf(const IpAddress& address) const;

    /**
     * @brief Choose addresses that probes may come from (HP-49).
     *
     * They come from as many prefixes as there are, evenly over the list, the lowest address of
     * each; a prefix gives a second one only when all have given one.
     *
     * @param name name of a tag
     * @param count how many are wanted
     * @return that many different IPv4 addresses; fewer, or none, where the tag has fewer
     */
    std::vector<IpAddress> ChooseIpv4(const std::string& name, uint32_t count) const;

    uint32_t changeNumber{0}; //!< of the file; rises when any tag changes (ST-4)
    std::string cloud;        //!< for example "Public"

  private:
    std::vector<ServiceTag> m_tags; //!< the tags
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SERVICE_TAGS_H */
