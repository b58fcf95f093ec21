/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What faults of application gateways and of zones hit, and when; a part of ScenarioPlan.

#include "azure-scenario-plan.h"

#include "ns3/azure-application-gateway.h"
#include "ns3/azure-gateway-placement.h"
#include "ns3/azure-json-text.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param fault a fault
 * @return when it ends at the latest, whatever the run
 */
Time
LatestEnd(const PlannedFault& fault)
{
    return fault.end ? *fault.end - fault.start + fault.latest : Time::Max();
}

/**
 * @param deployment a deployment
 * @param fault fault of a zone
 * @param[out] error why it hits nothing
 * @return the fault once for each machine and gateway
 */
std::vector<PlannedFault>
FindZone(const DeploymentConfiguration& deployment, PlannedFault fault, std::string& error)
{
    const auto target = fault.fault.target.empty() ? std::string("1") : fault.fault.target;
    const auto slash = target.find('/');
    const auto region = slash == std::string::npos ? "" : target.substr(0, slash);
    fault.zone = slash == std::string::npos ? target : target.substr(slash + 1);
    std::vector<PlannedFault> parts;
    for (const auto& machine : deployment.virtualMachines)
    {
        if (machine.zone == fault.zone && (region.empty() || machine.region == region))
        {
            auto part = fault;
            part.fault.target = machine.name;
            parts.push_back(part);
        }
    }
    for (std::size_t i = 0; i < deployment.applicationGateways.size(); ++i)
    {
        const auto& gateway = deployment.applicationGateways[i];
        const auto zones = GatewayPlacement::Complete(gateway.configuration.zones);
        if (std::find(zones.begin(), zones.end(), fault.zone) != zones.end() &&
            (region.empty() || gateway.region == region))
        {
            auto part = fault;
            part.gateway = i;
            part.fault.target = target;
            part.machine = gateway.configuration.name + ", zone " + fault.zone;
            parts.push_back(part);
        }
    }
    if (parts.empty())
    {
        error = "no machine and no instance of an application gateway is in zone '" +
                JsonText::Quote(target) + "'; zones are named as in 1 or eastus2/1";
    }
    return parts;
}

} // namespace

bool
IsOfGateways(FaultKind kind)
{
    return kind == FaultKind::InstanceCrash || kind == FaultKind::ZoneDown ||
           kind == FaultKind::Maintenance;
}

Time
GetReplacementTime()
{
    TimeValue value;
    CreateObject<ApplicationGateway>()->GetAttribute("ScaleOutDelay", value);
    return value.Get();
}

void
SettleTimes(PlannedFault& fault, Time interval, Time firstClient, Ptr<RandomVariableStream> phase)
{
    fault.earliest = fault.fault.start.value_or(firstClient + Seconds(10));
    fault.start = fault.latest = fault.earliest;
    if (fault.fault.phase == FaultPhase::Random)
    {
        fault.start += interval * phase->GetValue();
        fault.latest += interval;
    }
    if (fault.fault.duration)
    {
        fault.end = fault.start + *fault.fault.duration;
    }
    if (fault.instance)
    {
        fault.end = fault.start + GetReplacementTime();
    }
}

std::vector<PlannedFault>
FindGatewayFaults(const DeploymentConfiguration& deployment, PlannedFault fault, std::string& error)
{
    if (fault.fault.kind == FaultKind::ZoneDown)
    {
        return FindZone(deployment, fault, error);
    }
    const bool isCrash = fault.fault.kind == FaultKind::InstanceCrash;
    std::string known;
    for (std::size_t i = 0; i < deployment.applicationGateways.size(); ++i)
    {
        const auto& configuration = deployment.applicationGateways[i].configuration;
        const auto count = isCrash ? configuration.GetInitialInstances() : 1;
        for (uint32_t k = 0; k < count; ++k)
        {
            const auto name = configuration.name + (isCrash ? "/" + std::to_string(k) : "");
            if (fault.fault.target.empty() || fault.fault.target == name)
            {
                fault.fault.target = name;
                fault.machine = name;
                fault.gateway = i;
                fault.instance = isCrash ? std::optional<uint32_t>(k) : std::nullopt;
                return {fault};
            }
        }
        known += (known.empty() ? "" : ", ") + configuration.name +
                 (isCrash ? "/0 to " + std::to_string(count - 1) : "");
    }
    error = known.empty()
                ? "the deployment has no application gateway"
                : std::string(isCrash ? "no instance" : "no application gateway") + " is '" +
                      JsonText::Quote(fault.fault.target) + "'; there are: " + known;
    return {};
}

std::vector<ConfigurationError>
FindOverlaps(const std::vector<PlannedFault>& faults)
{
    std::vector<ConfigurationError> errors;
    for (std::size_t i = 0; i < faults.size(); ++i)
    {
        for (std::size_t k = 0; k < i; ++k)
        {
            const auto& one = faults[k];
            const auto& two = faults[i];
            if (one.machine == two.machine && one.source != two.source &&
                one.earliest <= LatestEnd(two) && two.earliest <= LatestEnd(one))
            {
                errors.push_back({"faults[" + std::to_string(two.source) + "]",
                                  "hits '" + two.machine + "' while faults[" +
                                      std::to_string(one.source) +
                                      "] lasts; give them different times or targets"});
            }
        }
    }
    return errors;
}

} // namespace azure
} // namespace ns3
