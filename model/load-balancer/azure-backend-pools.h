/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_BACKEND_POOLS_H
#define AZURE_BACKEND_POOLS_H

#include "azure-address-table.h"
#include "azure-load-balancer-configuration.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Knows the members of every pool, and which of them new flows may reach.
 *
 * What decides is a *target*: a pool as seen through one probe. Rules with the same pool and
 * probe share a target. An instance is eligible in a target when it runs, and its admin state
 * or else its probe says so (LB-30, LB-35); without a probe both are ignored (LB-36, LB-38).
 *
 * Flows remember the *epoch* of their instance in their target. It changes when established
 * flows are cut: at the stop of an instance (LB-30), and when a whole pool goes down that has
 * one instance or is of the Basic SKU (LB-31, LB-33). So cutting a million flows costs nothing
 * until their next packets.
 */
class BackendPools
{
  public:
    using Id = AddressTable::Id;                 //!< number of an instance's address
    static constexpr uint32_t NONE = UINT32_MAX; //!< no probe, no target

    /// What a change did to one target.
    struct TargetChange
    {
        uint32_t target{0};     //!< the target
        std::vector<Id> before; //!< eligible instances before the change
        std::vector<Id> after;  //!< eligible instances after it
        bool flowsCut{false};   //!< flows to this target were cut
    };

    using Changes = std::vector<TargetChange>; //!< the targets that changed

    /// How an answer to a ping depends on a target (LB-61).
    enum class Health
    {
        Off,  //!< no member, or all of them stopped
        Down, //!< some member runs, all that run are down
        Up    //!< some member is up
    };

    /**
     * @param configuration a configuration without errors
     * @param addresses gives numbers to the members
     */
    BackendPools(const LoadBalancerConfiguration& configuration, AddressTable& addresses);

    /**
     * @param pool index of a pool in the configuration
     * @param probe index of a probe in the configuration, or NONE
     * @return the target; made if there is none yet
     */
    uint32_t AddTarget(uint32_t pool, uint32_t probe);

    /**
     * @param probe index of a probe
     * @param id an instance
     * @param up what the probe says from now on
     * @return what changed
     */
    Changes SetProbeStatus(uint32_t probe, Id id, bool up);

    /**
     * @param pool index of a pool
     * @param id a member
     * @param state the override from now on (LB-35)
     * @return what changed
     */
    Changes SetAdminState(uint32_t pool, Id id, AdminState state);

    /**
     * @brief Start or stop an instance; a stop cuts its flows and forgets its probe results.
     *
     * @param id an instance
     * @param running whether it runs from now on
     * @return what changed
     */
    Changes SetRunning(Id id, bool running);

    /**
     * @param pool index of a pool
     * @param id an instance that is not a member; it becomes the last one
     * @param state override of its probes
     * @param running whether it runs
     * @return what changed
     */
    Changes AddMember(uint32_t pool, Id id, AdminState state, bool running);

    /**
     * @param pool index of a pool
     * @param id a member; no longer one
     * @return what changed
     */
    Changes RemoveMember(uint32_t pool, Id id);

    /**
     * @param pool index of a pool
     * @param id an instance
     * @return whether it is a member of the pool
     */
    bool IsMember(uint32_t pool, Id id) const;

    /**
     * @param id an instance
     * @return whether it is a member of any pool
     */
    bool IsMember(Id id) const;

    /**
     * @param pool index of a pool
     * @return number of members
     */
    uint32_t GetNMembers(uint32_t pool) const;

    /**
     * @param target a target
     * @return index of its pool
     */
    uint32_t GetPool(uint32_t target) const
    {
        return m_targets[target].pool;
    }

    /**
     * @param target a target
     * @return the instances that new flows may reach, in the order of the pool
     */
    const std::vector<Id>& GetEligible(uint32_t target) const
    {
        return m_targets[target].eligible;
    }

    /**
     * @param target a target, or NONE for a NAT rule, which asks no health (LB-37)
     * @param id an instance
     * @return whether new flows may reach it
     */
    bool IsEligible(uint32_t target, Id id) const
    {
        return target == NONE ? IsRunning(id) : IsMarked(m_targets[target], id);
    }

    /**
     * @param target a target, or NONE for a NAT rule
     * @param id an instance
     * @return a number that changes whenever the flows to it are cut
     */
    uint16_t GetEpoch(uint32_t target, Id id) const
    {
        const uint16_t stops = id < m_hosts.size() ? m_hosts[id].stops : 0;
        return target == NONE ? stops : stops + m_targets[target].cuts;
    }

    /**
     * @param target a target, or NONE for a NAT rule
     * @param id an instance
     * @return whether the last cut of flows to it was due to a stop, not to the probe
     */
    bool WasStoppedLast(uint32_t target, Id id) const;

    /**
     * @param id an instance
     * @return whether it runs
     */
    bool IsRunning(Id id) const
    {
        return id >= m_hosts.size() || m_hosts[id].running;
    }

    /**
     * @param target a target
     * @return what an answer to a ping depends on (LB-61)
     */
    Health GetHealth(uint32_t target) const;

  private:
    /// What is known of an address, whatever pools it is in.
    struct Host
    {
        bool running{true};       //!< not stopped
        uint16_t stops{0};        //!< how often it was stopped, modulo 2^16
        uint64_t stoppedAt{0};    //!< m_cutCount at the last stop
        std::vector<bool> probes; //!< what each probe says
    };

    /// One member of a pool.
    struct Member
    {
        Id id;            //!< the instance
        AdminState state; //!< override of its probes in this pool
    };

    /// A pool as seen through a probe.
    struct Target
    {
        uint32_t pool;            //!< index of the pool
        uint32_t probe;           //!< index of the probe, or NONE
        std::vector<Id> eligible; //!< instances that new flows may reach
        std::vector<bool> marks;  //!< the same, by instance
        bool allDown{false};      //!< nobody is up, and that cuts flows
        uint16_t cuts{0};         //!< how often flows were cut, modulo 2^16
        uint64_t cutAt{0};        //!< m_cutCount at the last cut
    };

    /**
     * @param id an instance
     * @return what is known of it; made if nothing is known yet
     */
    Host& GetHost(Id id);

    /**
     * @brief Cut the flows to an instance that stops; after the update of the targets, because of
     * the two cuts of a single instance the stop is the cause.
     *
     * @param id an instance
     */
    void CountStop(Id id);

    /**
     * @param target a target
     * @param member a member of its pool
     * @return whether probe and admin state let new flows reach it
     */
    bool IsUp(const Target& target, const Member& member) const;

    /**
     * @param target a target
     * @param id an instance
     * @return whether it is among the eligible ones
     */
    static bool IsMarked(const Target& target, Id id)
    {
        return id < target.marks.size() && target.marks[id];
    }

    /**
     * @brief Decide anew who is eligible.
     *
     * @param index a target
     * @param changes gets an entry if anything changed
     */
    void Update(uint32_t index, Changes& changes);

    /**
     * @brief Update every target of some pools and probes.
     *
     * @param pool index of the only pool concerned, or NONE for all
     * @param probe index of the only probe concerned, or NONE for all
     * @return what changed
     */
    Changes UpdateAll(uint32_t pool, uint32_t probe);

    bool m_basic;                             //!< Basic SKU (LB-31)
    std::vector<bool> m_allProbedUp;          //!< by probe: LB-34's other setting
    std::vector<Host> m_hosts;                //!< by instance
    std::vector<std::vector<Member>> m_pools; //!< the members of each pool
    std::vector<Target> m_targets;            //!< the targets
    uint64_t m_cutCount{0};                   //!< cuts and stops so far, to order them
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_BACKEND_POOLS_H */
