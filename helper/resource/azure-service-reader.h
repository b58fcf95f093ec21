/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SERVICE_READER_H
#define AZURE_SERVICE_READER_H

#include "ns3/azure-configuration-error.h"
#include "ns3/azure-deployment-configuration.h"
#include "ns3/azure-imported-resource.h"
#include "ns3/azure-resource-completion.h"
#include "ns3/azure-resource-view.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What the readers of a load balancer and of an application gateway have in common: both
 *        consist of named parts that refer to one another by resource id.
 */
class ServiceReader
{
  public:
    /**
     * @param resource the service
     * @param completion knows the other resources
     * @param[in,out] notModelled receives parts that have no effect
     */
    ServiceReader(const ImportedResource& resource,
                  const ResourceCompletion& completion,
                  std::vector<ResourceNotice>& notModelled);

    ResourcePathMap m_paths;                    //!< where the configuration was read
    std::vector<std::string> m_publicAddresses; //!< ids, in lower case, that frontends use

  protected:
    /**
     * @brief Finds the public address of a frontend, and remembers that it is in use.
     * @param reference reference to a public IP address
     * @return the public IP address
     * @throws ResourceError when the input does not hold it
     */
    ResourceView FindPublicAddress(const ResourceView& reference);

    /**
     * @brief Reads the address of a frontend; one of IPv6 is noted.
     * @param frontend the frontend
     * @param text its address
     * @return the address; nothing: it is IPv6
     */
    std::optional<IpAddress> ReadFrontendAddress(const ResourceView& frontend,
                                                 const ResourceView& text);

    /**
     * @tparam T a struct with a `name`
     * @param reference reference to a part of this service
     * @param list the parts of that kind
     * @param what what the part is called, for errors
     * @return name of the part, as the part itself is spelt
     * @throws ResourceError when there is no such part
     */
    template <typename T>
    std::string ResolvePart(const ResourceView& reference,
                            const std::vector<T>& list,
                            const std::string& what) const
    {
        const auto name = GetPartName(reference, what);
        auto it = std::find_if(list.begin(), list.end(), [&](const T& item) {
            return EqualsIgnoringCase(item.name, name);
        });
        if (it == list.end())
        {
            FailPart(reference, what);
        }
        return it->name;
    }

    /**
     * @brief Notes the properties that have no effect.
     * @param view the service or a part of it
     * @param kind which list it is in, for example "probes"
     */
    void NoteUnknown(const ResourceView& view, const std::string& kind);

    /**
     * @brief Notes a part that has no effect.
     * @param view the part
     * @param what what it is
     * @param why why it has none
     */
    void Note(const ResourceView& view, const std::string& what, const std::string& why);

    const ImportedResource& m_resource;         //!< the service
    const ResourceCompletion& m_completion;     //!< knows the other resources
    std::set<std::string> m_ipv6Frontends;      //!< names, in lower case
    std::vector<ResourceNotice>& m_notModelled; //!< receives parts that have no effect

  private:
    /**
     * @param reference reference to a part of this service, which must be there
     * @param what what the part is called, for errors
     * @return its name; empty when it is a part of another resource
     */
    std::string GetPartName(const ResourceView& reference, const std::string& what) const;

    /**
     * @brief Reports a reference that leads nowhere.
     * @param reference the reference
     * @param what what it should lead to
     */
    [[noreturn]] void FailPart(const ResourceView& reference, const std::string& what) const;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SERVICE_READER_H */
