/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TRAFFIC_MANAGER_READER_H
#define AZURE_TRAFFIC_MANAGER_READER_H

#include "ns3/azure-deployment-configuration.h"
#include "ns3/azure-imported-resource.h"
#include "ns3/azure-resource-completion.h"
#include "ns3/azure-resource-view.h"
#include "ns3/azure-traffic-manager-configuration.h"

#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Reads the Traffic Manager profiles of an input.
 *
 * What the service fills in when the input leaves it out: a time to live of 300 s (TM-7),
 * monitoring every 30 s (HP-41), and the target and region of an endpoint that names a public
 * address. A nested endpoint whose profile is not in the input keeps the name of that profile,
 * so that profiles of several inputs can be put together; it is noted.
 */
class TrafficManagerReader
{
  public:
    /**
     * @param completion knows the other resources
     * @param[in,out] deployment receives notices and errors
     */
    TrafficManagerReader(const ResourceCompletion& completion, DeploymentConfiguration& deployment);

    /**
     * @brief Reads all profiles.
     * @param resources all resources of the input
     */
    void Read(const std::vector<ImportedResource*>& resources);

    /**
     * @return the profiles, in the order of the input
     */
    const std::vector<TrafficManagerConfiguration>& GetProfiles() const;

    ResourcePathMap m_paths;                 //!< where they were read
    std::set<std::string> m_publicAddresses; //!< ids of those that endpoints lead to

  private:
    void ReadProfile(const ResourceView& view);  //!< @param view a profile
    void ReadMonitor(const ResourceView& view);  //!< @param view its monitorConfig
    void ReadEndpoint(const ResourceView& view); //!< @param view an endpoint

    /**
     * @brief Finds the name, and the region, of the resource that an endpoint leads to.
     * @param view the endpoint
     * @param[in,out] endpoint receives them
     */
    void ReadResource(const ResourceView& view, TrafficManagerEndpoint& endpoint);

    /**
     * @brief Finds the profile that a nested endpoint leads to.
     * @param view the endpoint
     * @param[in,out] endpoint receives its name
     */
    void ReadChild(const ResourceView& view, TrafficManagerEndpoint& endpoint);

    /**
     * @param view something with `customHeaders`
     * @return these
     */
    std::vector<TrafficManagerHeader> ReadHeaders(const ResourceView& view);

    /**
     * @param view a range of addresses
     * @return it
     */
    TrafficManagerSubnet ReadSubnet(const ResourceView& view);

    /**
     * @brief Notes the properties that have no effect.
     * @param view a profile or a part of one
     * @param kind what it is
     */
    void NoteUnknown(const ResourceView& view, const std::string& kind);

    /**
     * @brief Notes a part that has no effect.
     * @param path its JSON path
     * @param what what it is
     * @param why why it has none
     */
    void Note(const std::string& path, const std::string& what, const std::string& why);

    const ResourceCompletion& m_completion;              //!< knows the other resources
    DeploymentConfiguration& m_deployment;               //!< receives notices and errors
    std::vector<ImportedResource*> m_resources;          //!< all resources
    std::vector<TrafficManagerConfiguration> m_profiles; //!< what was read
    TrafficManagerConfiguration m_profile;               //!< the one that is being read
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TRAFFIC_MANAGER_READER_H */
