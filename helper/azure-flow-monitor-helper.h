/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_FLOW_MONITOR_HELPER_H
#define AZURE_FLOW_MONITOR_HELPER_H

#include "ns3/azure-ipv4-nat-flow-classifier.h"
#include "ns3/flow-monitor.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"

#include <cstdint>
#include <ostream>
#include <set>
#include <string>

namespace ns3
{

class AttributeValue;
class Ipv6FlowClassifier;

namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Puts flow probes that survive address translation on nodes.
 *
 * Takes the place of the stock FlowMonitorHelper in a script, with the same methods and the same
 * FlowMonitor behind them: only the name of the helper changes. IPv6 is watched by the stock
 * probe.
 */
class NatFlowMonitorHelper
{
  public:
    NatFlowMonitorHelper();
    ~NatFlowMonitorHelper();

    // The helper owns the monitor: it disposes of it.
    NatFlowMonitorHelper(const NatFlowMonitorHelper&) = delete;
    NatFlowMonitorHelper& operator=(const NatFlowMonitorHelper&) = delete;

    /**
     * @brief Set an attribute of the FlowMonitor; before the first other call.
     *
     * @param name name of the attribute
     * @param value its value
     */
    void SetMonitorAttribute(std::string name, const AttributeValue& value);

    /**
     * @brief Watch some nodes; those without an IP stack and those watched already are left out.
     *
     * Queue discs must be there by now, else drops in them have no reason.
     *
     * @param nodes the nodes
     * @return the monitor
     */
    Ptr<FlowMonitor> Install(NodeContainer nodes);

    /**
     * @brief Watch one node.
     *
     * @param node the node
     * @return the monitor
     */
    Ptr<FlowMonitor> Install(Ptr<Node> node);

    /**
     * @brief Watch every node there is.
     *
     * @return the monitor
     */
    Ptr<FlowMonitor> InstallAll();

    /**
     * @return the monitor, made at the first call
     */
    Ptr<FlowMonitor> GetMonitor();

    /**
     * @return the IPv4 classifier, with the pairs of addresses before and after translation
     */
    Ptr<Ipv4NatFlowClassifier> GetClassifier();

    /**
     * @return the stock IPv6 classifier
     */
    Ptr<FlowClassifier> GetClassifier6();

    /**
     * @brief Write the results in the XML form of FlowMonitor.
     *
     * @param os where to
     * @param indent spaces before the outermost tags
     * @param enableHistograms whether to write the histograms of each flow
     * @param enableProbes whether to write what each probe saw of each flow
     */
    void SerializeToXmlStream(std::ostream& os,
                              uint16_t indent,
                              bool enableHistograms,
                              bool enableProbes);

    /**
     * @brief As SerializeToXmlStream().
     *
     * @param indent spaces before the outermost tags
     * @param enableHistograms whether to write the histograms of each flow
     * @param enableProbes whether to write what each probe saw of each flow
     * @return the text
     */
    std::string SerializeToXmlString(uint16_t indent, bool enableHistograms, bool enableProbes);

    /**
     * @brief As SerializeToXmlStream(), with an XML declaration, to a file.
     *
     * @param fileName path of the file; what it holds is lost
     * @param enableHistograms whether to write the histograms of each flow
     * @param enableProbes whether to write what each probe saw of each flow
     */
    void SerializeToXmlFile(std::string fileName, bool enableHistograms, bool enableProbes);

  private:
    ObjectFactory m_monitorFactory;           //!< makes the monitor
    Ptr<FlowMonitor> m_monitor;               //!< the monitor, once made
    Ptr<Ipv4NatFlowClassifier> m_classifier4; //!< numbers IPv4 flows
    Ptr<Ipv6FlowClassifier> m_classifier6;    //!< numbers IPv6 flows
    std::set<uint32_t> m_nodes;               //!< numbers of the nodes watched already
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_FLOW_MONITOR_HELPER_H */
