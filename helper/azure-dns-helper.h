/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_HELPER_H
#define AZURE_DNS_HELPER_H

#include "ns3/application-helper.h"
#include "ns3/azure-dns-zone.h"
#include "ns3/azure-recursive-resolver.h"
#include "ns3/azure-stub-resolver.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"

#include <memory>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Puts authoritative name servers on nodes.
 */
class DnsServerHelper : public ApplicationHelper
{
  public:
    DnsServerHelper();

    /**
     * @brief Let one server serve zones.
     * @param node the node
     * @param zones the zones
     * @return the server
     */
    ApplicationContainer InstallZones(Ptr<Node> node,
                                      const std::vector<std::shared_ptr<DnsZone>>& zones);
};

/**
 * @ingroup azure-load-balancing
 * @brief Puts recursive resolvers on nodes, and stub resolvers that ask them on others.
 */
class ResolverHelper : public ApplicationHelper
{
  public:
    ResolverHelper();

    /**
     * @brief Tell the resolvers that are made from now on a server of the root.
     * @param name its name
     * @param address its address
     */
    void AddRootHint(const DnsName& name, Ipv4Address address);

    /**
     * @brief Put recursive resolvers on nodes.
     * @param nodes nodes with an internet stack
     * @return the resolvers
     */
    ApplicationContainer InstallRecursive(const NodeContainer& nodes);

    /**
     * @brief Set an attribute of the stub resolvers that are made from now on.
     * @param name name of an attribute of StubResolver
     * @param value its value
     */
    void SetStubAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Make a stub resolver part of a node.
     * @param node a node with an internet stack
     * @param servers addresses of recursive resolvers, in the order in which they are asked
     * @return the stub resolver
     */
    Ptr<StubResolver> InstallStub(Ptr<Node> node, const std::vector<Ipv4Address>& servers);

  private:
    std::vector<DnsRootHint> m_hints; //!< servers of the root
    ObjectFactory m_stubs;            //!< makes stub resolvers
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_HELPER_H */
