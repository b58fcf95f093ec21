/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_BACKEND_CHOOSER_H
#define AZURE_BACKEND_CHOOSER_H

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
 * @brief The members of one pool as one instance sees them through one backend setting.
 *
 * Members are named by ApplicationGatewayBackendAddress::GetText(). One is unhealthy until its
 * first probe succeeds (HP-22). One that is removed drains: it gets no new requests, except those
 * that carry its affinity cookie, until its time is over (AG-47).
 */
class BackendChooser
{
  public:
    /**
     * @param affinitySeed seed of the values of affinity cookies (AG-22)
     * @param minServers members that count as healthy whatever happens: the healthy ones, filled
     *        up with the first others (HP-21)
     */
    explicit BackendChooser(uint64_t affinitySeed = 0, uint32_t minServers = 0);

    /**
     * @brief Add a member; one that drains comes back as it was.
     *
     * @param member its text
     * @param healthy what is known of its health
     * @return whether it was not a member already
     */
    bool Add(const std::string& member, bool healthy);

    /**
     * @brief Let a member drain (AG-47).
     *
     * @param member its text
     * @param until end of draining
     * @return whether it was a member
     */
    bool Remove(const std::string& member, Time until);

    /**
     * @param member text of a member
     * @param healthy the verdict of its probe
     */
    void SetHealthy(const std::string& member, bool healthy);

    /**
     * @param member text of a member, draining or not
     * @return the verdict of its probe; none when there is no such member
     */
    std::optional<bool> IsHealthy(const std::string& member) const;

    /**
     * @brief The next member in turn (AG-20, AG-21); moves on.
     *
     * @param tried members that it must not be
     * @return text of the member; none when no member is eligible
     */
    std::optional<std::string> Next(const std::vector<std::string>& tried);

    /**
     * @brief What Next() would say.
     *
     * @param tried members that it must not be
     * @return text of the member; none when no member is eligible
     */
    std::optional<std::string> Peek(const std::vector<std::string>& tried) const;

    /**
     * @brief Find the member of an affinity cookie (AG-22).
     *
     * @param cookie value of the cookie
     * @param now the present time
     * @return text of the member, if it is healthy and still there, draining or not
     */
    std::optional<std::string> FindByCookie(const std::string& cookie, Time now) const;

    /**
     * @param member text of a member
     * @return value of its affinity cookie
     */
    std::string GetCookie(const std::string& member) const;

    /**
     * @return the members that new requests may go to, in the order of the pool
     */
    std::vector<std::string> GetEligible() const;

    /**
     * @return whether there is no member, apart from those that drain
     */
    bool IsEmpty() const;

    /**
     * @param member text of a member
     * @return end of its draining; none when it does not drain
     */
    std::optional<Time> GetDrainEnd(const std::string& member) const;

    /**
     * @brief Forget the members whose draining is over.
     *
     * @param now the present time
     */
    void Sweep(Time now);

  private:
    /// A member.
    struct Member
    {
        std::string text;               //!< what it is known by
        std::string cookie;             //!< value of its affinity cookie
        bool healthy{false};            //!< the verdict of its probe
        std::optional<Time> drainEnd{}; //!< end of its draining
    };

    /**
     * @param member text of a member
     * @return its index
     */
    std::optional<uint32_t> Find(const std::string& member) const;

    /**
     * @param tried members that it must not be
     * @return index of the next member in turn
     */
    std::optional<uint32_t> FindNext(const std::vector<std::string>& tried) const;

    /// Work out anew who is eligible.
    void Update();

    uint64_t m_affinitySeed;       //!< seed of cookie values
    uint32_t m_minServers;         //!< members that count as healthy at least
    std::vector<Member> m_members; //!< in the order of the pool
    std::vector<bool> m_eligible;  //!< who may get new requests
    uint32_t m_next{0};            //!< index of the member whose turn it is
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_BACKEND_CHOOSER_H */
