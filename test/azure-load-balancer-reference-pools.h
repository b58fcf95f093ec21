/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_REFERENCE_POOLS_H
#define AZURE_LOAD_BALANCER_REFERENCE_POOLS_H

#include "azure-load-balancer-engine-fixture.h"

#include "ns3/azure-packet-view.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

namespace ns3
{
namespace azure
{

/**
 * @ingroup tests
 * @brief The control plane of a load balancer, written down rule by rule: who is eligible, which
 *        rule and NAT port a packet meets, what a change changes.
 *
 * Everything is a list that is searched from its beginning. Every Check function gives back what
 * is wrong with what the engine says; empty: nothing.
 */
class ReferencePools
{
  public:
    /**
     * @param configuration without errors
     */
    explicit ReferencePools(const LoadBalancerConfiguration& configuration)
        : m_configuration(configuration)
    {
        for (const auto& rule : configuration.loadBalancingRules)
        {
            Rule entry = Common(rule);
            entry.frontendPort = rule.frontendPort;
            entry.pool = Index(configuration.backendAddressPools, rule.backendAddressPool);
            entry.probe = Index(configuration.probes, rule.probe);
            entry.mode = rule.loadDistribution;
            entry.reset = entry.reset && rule.protocol != TransportProtocol::All; // LB-42
            m_rules.push_back(entry);
        }
        for (const auto& rule : configuration.inboundNatRules)
        {
            Rule entry = Common(rule);
            entry.nat = true;
            entry.frontendPort = rule.frontendPort;
            entry.single = rule.backendAddress;
            entry.pool = Index(configuration.backendAddressPools, rule.backendAddressPool);
            entry.first = rule.frontendPortRangeStart;
            entry.last = rule.frontendPortRangeEnd;
            m_rules.push_back(entry);
        }
        for (uint32_t pool = 0; pool < configuration.backendAddressPools.size(); ++pool)
        {
            for (const auto& member : configuration.backendAddressPools[pool].backendAddresses)
            {
                MapPorts(pool, member.address);
            }
        }
        for (uint32_t rule = 0; rule < m_rules.size(); ++rule)
        {
            m_cutting.push_back(IsCutting(rule));
        }
    }

    virtual ~ReferencePools() = default;

    /// @return the configuration with the present members
    const LoadBalancerConfiguration& GetConfiguration() const
    {
        return m_configuration;
    }

    /**
     * @param frontend a frontend
     * @return the answer to a small ping (LB-61, LB-62)
     */
    PingAnswer Ping(const IpAddress& frontend) const
    {
        bool off = true;
        bool up = false;
        for (const auto& rule : m_rules)
        {
            if (!(rule.frontend == frontend) || rule.nat)
            {
                continue;
            }
            if (rule.protocol == TransportProtocol::All)
            {
                return PingAnswer::Balance;
            }
            for (const auto& member : Members(rule.pool))
            {
                off = off && !IsRunning(member.address);
                up = up || IsUp(rule, member);
            }
        }
        const bool answered = m_configuration.sku == LoadBalancerSku::Standard &&
                              m_configuration.frontendIpConfigurations[0].isPublic;
        return !answered || off ? PingAnswer::None
               : up             ? PingAnswer::EchoReply
                                : PingAnswer::HostUnreachable;
    }

    /**
     * @param rule index of a load balancing rule
     * @param mode from now on
     */
    void SetMode(uint32_t rule, LoadDistribution mode)
    {
        m_rules[rule].mode = mode;
    }

    /**
     * @param probe index of a probe
     * @param instance a member
     * @param up what the probe says
     * @param change what the engine says that changed
     * @return what is wrong
     */
    std::string CheckProbe(uint32_t probe,
                           const IpAddress& instance,
                           bool up,
                           const PoolChange& change)
    {
        return Apply(change, [&] { m_probes[{probe, instance}] = up && IsRunning(instance); });
    }

    /**
     * @param pool index of a pool
     * @param member number of the member in it
     * @param state its admin state
     * @param change what the engine says that changed
     * @return what is wrong
     */
    std::string CheckAdmin(uint32_t pool,
                           uint32_t member,
                           AdminState state,
                           const PoolChange& change)
    {
        return Apply(change, [&] { Members(pool)[member].adminState = state; });
    }

    /**
     * @param instance an instance
     * @param running whether it runs
     * @param change what the engine says that changed
     * @return what is wrong
     */
    std::string CheckRunning(const IpAddress& instance, bool running, const PoolChange& change)
    {
        const bool stops = IsRunning(instance) && !running;
        return Apply(change, [&] {
            if (IsRunning(instance) != running)
            {
                ForgetProbes(instance); // LB-28
            }
            m_stopped.erase(instance);
            if (!running)
            {
                m_stopped.insert(instance);
            }
            if (stops)
            {
                HandleStop(instance);
            }
        });
    }

    /**
     * @param pool index of a pool
     * @param member an instance that is not in it
     * @param change what the engine says that changed
     * @return what is wrong
     */
    std::string CheckAdd(uint32_t pool,
                         const LoadBalancerBackendAddress& member,
                         const PoolChange& change)
    {
        for (const auto& rule : m_rules)
        {
            const auto used = std::count_if(m_ports.begin(), m_ports.end(), [&](const auto& port) {
                return &m_rules[port.first.first] == &rule;
            });
            if (rule.nat && rule.pool == pool && used > rule.last - rule.first)
            {
                return change.error.empty() ? "LB-47: the range is exhausted" : "";
            }
        }
        if (!change.error.empty())
        {
            return "refused: " + change.error;
        }
        if (change.mappingsAdded.size() != MapPorts(pool, member.address))
        {
            return "NAT ports of a new member";
        }
        return Apply(change, [&] {
            if (!IsMember(member.address))
            {
                m_stopped.erase(member.address);
            }
            Members(pool).push_back(member);
        });
    }

    /**
     * @param pool index of a pool
     * @param member number of the member in it
     * @param change what the engine says that changed
     * @return what is wrong
     */
    std::string CheckRemove(uint32_t pool, uint32_t member, const PoolChange& change)
    {
        const IpAddress instance = Members(pool)[member].address;
        for (auto port = m_ports.begin(); port != m_ports.end();)
        {
            const bool gone = port->second == instance && m_rules[port->first.first].pool == pool;
            port = gone ? m_ports.erase(port) : std::next(port);
        }
        return Apply(change, [&] {
            Members(pool).erase(Members(pool).begin() + member);
            if (!IsMember(instance))
            {
                ForgetProbes(instance);
            }
        });
    }

    /**
     * @param mappings what the engine says
     * @return whether they are the NAT ports in use, in order
     */
    bool HasMappings(const std::vector<NatMapping>& mappings) const
    {
        auto ports = m_ports;
        for (uint32_t rule = 0; rule < m_rules.size(); ++rule)
        {
            if (m_rules[rule].single.IsSet())
            {
                ports[{rule, m_rules[rule].frontendPort}] = m_rules[rule].single;
            }
        }
        return std::equal(mappings.begin(),
                          mappings.end(),
                          ports.begin(),
                          ports.end(),
                          [](const NatMapping& mapping, const auto& port) {
                              return mapping.rule == port.first.first &&
                                     mapping.frontendPort == port.first.second &&
                                     mapping.backend == port.second;
                          });
    }

    /**
     * @param rule rule index of a load balancing rule
     * @return the instances that new flows may reach
     */
    std::vector<IpAddress> Eligible(uint32_t rule) const
    {
        const Rule& entry = m_rules[rule];
        std::vector<IpAddress> up;
        std::vector<IpAddress> open;
        for (const auto& member : entry.nat ? m_nobody : Members(entry.pool))
        {
            if (IsUp(entry, member))
            {
                up.push_back(member.address);
            }
            if (IsRunning(member.address) && member.adminState != AdminState::Down)
            {
                open.push_back(member.address);
            }
        }
        return up.empty() && FailsOpen(entry) ? open : up; // LB-34
    }

    /**
     * @param address any address
     * @return whether it is a member of any pool
     */
    bool IsMember(const IpAddress& address) const
    {
        for (const auto& pool : m_configuration.backendAddressPools)
        {
            for (const auto& member : pool.backendAddresses)
            {
                if (member.address == address)
                {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * @param address an instance
     * @return whether it is not stopped
     */
    bool IsRunning(const IpAddress& address) const
    {
        return m_stopped.count(address) == 0;
    }

  protected:
    /// What is known of a rule of either kind.
    struct Rule
    {
        TransportProtocol protocol; //!< of the rule
        IpAddress frontend;         //!< its address
        uint16_t frontendPort{0};   //!< 0: every port
        uint16_t backendPort;       //!< 0: the same
        bool floating;              //!< LB-26
        bool reset;                 //!< LB-40
        Time idle;                  //!< LB-41, LB-43
        uint32_t pool{UINT32_MAX};  //!< its pool
        uint32_t probe{UINT32_MAX}; //!< its probe
        LoadDistribution mode{};    //!< LB-12
        bool nat{false};            //!< LB-46, LB-47
        IpAddress single;           //!< LB-46
        uint16_t first{0};          //!< LB-47
        uint16_t last{0};           //!< LB-47
    };

    /**
     * @param rule index of a rule whose established flows are cut now
     */
    virtual void HandleCut(uint32_t rule) = 0;

    /**
     * @param instance an instance that stops now
     */
    virtual void HandleStop(const IpAddress& instance) = 0;

    /**
     * @param list addresses
     * @param address one of them or not
     * @return whether it is
     */
    static bool Has(const std::vector<IpAddress>& list, const IpAddress& address)
    {
        return std::find(list.begin(), list.end(), address) != list.end();
    }

    /**
     * @param address any address
     * @return whether it is a frontend
     */
    bool IsFrontend(const IpAddress& address) const
    {
        const auto& all = m_configuration.frontendIpConfigurations;
        return std::any_of(all.begin(), all.end(), [&](const auto& frontend) {
            return frontend.address == address;
        });
    }

    /**
     * @param packet a packet on its way in
     * @return the rule for it, and the instance if it is a NAT rule
     */
    std::pair<uint32_t, IpAddress> Match(const PacketView& packet) const
    {
        const auto other =
            packet.protocol == PacketView::TCP ? TransportProtocol::Udp : TransportProtocol::Tcp;
        std::pair<uint32_t, IpAddress> match{Verdict::NO_RULE, IpAddress()};
        for (uint32_t rule = 0; rule < m_rules.size(); ++rule)
        {
            const Rule& entry = m_rules[rule];
            if (entry.protocol == other || !(entry.frontend == packet.destination))
            {
                continue;
            }
            const auto port = m_ports.find({rule, packet.destinationPort});
            if (port != m_ports.end())
            {
                return {rule, port->second};
            }
            if (entry.frontendPort == packet.destinationPort && entry.frontendPort != 0)
            {
                return {rule, entry.single};
            }
            if (!entry.nat && entry.frontendPort == 0)
            {
                match.first = rule; // LB-23: unless there is a rule for the port itself
            }
        }
        return match;
    }

    /**
     * @param pool index of a pool
     * @return whether it has members
     */
    bool HasMembers(uint32_t pool) const
    {
        return !Members(pool).empty();
    }

    LoadBalancerConfiguration m_configuration; //!< as it is now
    std::vector<Rule> m_rules;                 //!< by rule index

  private:
    /**
     * @param items things with names
     * @param name a name
     * @return index of the first with it; UINT32_MAX when there is none
     */
    template <typename T>
    static uint32_t Index(const std::vector<T>& items, const std::string& name)
    {
        for (uint32_t index = 0; index < items.size(); ++index)
        {
            if (items[index].name == name)
            {
                return index;
            }
        }
        return UINT32_MAX;
    }

    /**
     * @param rule a rule of either kind
     * @return what both kinds have in common
     */
    template <typename T>
    Rule Common(const T& rule) const
    {
        const auto& frontends = m_configuration.frontendIpConfigurations;
        const auto& frontend = frontends[Index(frontends, rule.frontendIpConfiguration)];
        Rule entry;
        entry.protocol = rule.protocol;
        entry.frontend = frontend.address;
        entry.backendPort = rule.backendPort;
        entry.floating = rule.enableFloatingIp;
        entry.reset = rule.enableTcpReset;
        entry.idle = frontend.idleTimeout ? *frontend.idleTimeout : rule.idleTimeout;
        return entry;
    }

    /**
     * @param pool index of a pool
     * @return its members
     */
    std::vector<LoadBalancerBackendAddress>& Members(uint32_t pool)
    {
        return m_configuration.backendAddressPools[pool].backendAddresses;
    }

    /**
     * @param pool index of a pool
     * @return its members
     */
    const std::vector<LoadBalancerBackendAddress>& Members(uint32_t pool) const
    {
        return m_configuration.backendAddressPools[pool].backendAddresses;
    }

    /**
     * @param probe index of a probe
     * @param address an instance
     * @return what the probe says; down before it says anything
     */
    bool ProbeSays(uint32_t probe, const IpAddress& address) const
    {
        const auto found = m_probes.find({probe, address});
        return found != m_probes.end() && found->second;
    }

    /**
     * @param address an instance whose probes must start again
     */
    void ForgetProbes(const IpAddress& address)
    {
        for (uint32_t probe = 0; probe < m_configuration.probes.size(); ++probe)
        {
            m_probes.erase({probe, address});
        }
    }

    /**
     * @param rule a load balancing rule
     * @param member a member of its pool
     * @return whether it is up by itself (LB-30, LB-35, LB-38)
     */
    bool IsUp(const Rule& rule, const LoadBalancerBackendAddress& member) const
    {
        if (!IsRunning(member.address) || rule.probe == UINT32_MAX)
        {
            return IsRunning(member.address);
        }
        return member.adminState == AdminState::None ? ProbeSays(rule.probe, member.address)
                                                     : member.adminState == AdminState::Up;
    }

    /**
     * @param rule a rule
     * @return whether it has AllProbedUp
     */
    bool FailsOpen(const Rule& rule) const
    {
        return rule.probe != UINT32_MAX &&
               m_configuration.probes[rule.probe].noHealthyBackendsBehavior ==
                   NoHealthyBackendsBehavior::AllProbedUp;
    }

    /**
     * @param index rule index
     * @return whether its pool is down in a way that cuts TCP (LB-31, LB-33)
     */
    bool IsCutting(uint32_t index) const
    {
        const Rule& rule = m_rules[index];
        if (rule.nat || rule.probe == UINT32_MAX || FailsOpen(rule))
        {
            return false;
        }
        const auto& members = Members(rule.pool);
        const bool small =
            m_configuration.sku == LoadBalancerSku::Basic ? !members.empty() : members.size() == 1;
        return small && std::none_of(members.begin(), members.end(), [&](const auto& member) {
                   return member.adminState == AdminState::Up ||
                          ProbeSays(rule.probe, member.address);
               });
    }

    /**
     * @param before instances
     * @param after instances
     * @return share of the line from 0 to 1 that leads to another one (LB-16)
     */
    static double Disruption(const std::vector<IpAddress>& before,
                             const std::vector<IpAddress>& after)
    {
        double moved = 0;
        for (size_t i = 0; i < before.size(); ++i)
        {
            for (size_t j = 0; j < after.size(); ++j)
            {
                const double n = before.size();
                const double m = after.size();
                const double shared = std::min((i + 1) / n, (j + 1) / m) - std::max(i / n, j / m);
                moved += before[i] == after[j] ? 0 : std::max(0.0, shared);
            }
        }
        return moved;
    }

    /**
     * @brief Do a change and compare.
     *
     * @param change what the engine says that changed
     * @param act does it here
     * @return what is wrong
     */
    std::string Apply(const PoolChange& change, const std::function<void()>& act)
    {
        std::vector<std::vector<IpAddress>> before;
        for (uint32_t rule = 0; rule < m_rules.size(); ++rule)
        {
            before.push_back(Eligible(rule));
        }
        act();
        auto told = change.rules.begin();
        for (uint32_t rule = 0; rule < m_rules.size(); ++rule)
        {
            const bool cut = IsCutting(rule) && !m_cutting[rule];
            m_cutting[rule] = IsCutting(rule);
            if (cut)
            {
                HandleCut(rule);
            }
            const auto after = Eligible(rule);
            if (after == before[rule] && !cut)
            {
                continue;
            }
            if (told == change.rules.end() || told->rule != rule)
            {
                return "no word of rule " + std::to_string(rule);
            }
            bool good = told->flowsCut == cut && told->eligible == after.size() &&
                        std::abs(told->disruption - Disruption(before[rule], after)) < 1e-9;
            for (const auto& instance : told->added)
            {
                good = good && Has(after, instance) && !Has(before[rule], instance);
            }
            for (const auto& instance : told->removed)
            {
                good = good && !Has(after, instance) && Has(before[rule], instance);
            }
            if (!good ||
                before[rule].size() + told->added.size() - told->removed.size() != after.size())
            {
                return "the change of rule " + std::to_string(rule);
            }
            ++told;
        }
        return told == change.rules.end() ? "" : "a change of a rule that has not changed";
    }

    /**
     * @brief Give a new member its NAT ports: the lowest free one of each range (LB-47).
     *
     * @param pool index of the pool
     * @param instance the member
     * @return number of ports
     */
    uint32_t MapPorts(uint32_t pool, const IpAddress& instance)
    {
        uint32_t count = 0;
        for (uint32_t rule = 0; rule < m_rules.size(); ++rule)
        {
            if (m_rules[rule].nat && m_rules[rule].pool == pool)
            {
                uint16_t port = m_rules[rule].first;
                while (m_ports.count({rule, port}))
                {
                    ++port;
                }
                m_ports[{rule, port}] = instance;
                ++count;
            }
        }
        return count;
    }

    std::vector<bool> m_cutting;                                //!< IsCutting() by rule
    std::map<std::pair<uint32_t, uint16_t>, IpAddress> m_ports; //!< LB-47, by rule and port
    std::map<std::pair<uint32_t, IpAddress>, bool> m_probes;    //!< by probe and instance
    std::set<IpAddress> m_stopped;                              //!< instances that are off
    const std::vector<LoadBalancerBackendAddress> m_nobody;     //!< members of no pool
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_REFERENCE_POOLS_H */
