/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_NAMES_H
#define AZURE_GATEWAY_NAMES_H

#include "ns3/azure-stub-resolver.h"
#include "ns3/callback.h"
#include "ns3/event-id.h"
#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The domain names of members, as one instance of an application gateway has resolved them
 *        (AG-30).
 *
 * Each name is looked up when it is first asked for and again when the time to live of the answer
 * is over; in between, and as long as a look-up fails, the address stays what it was. What Azure's
 * instances do after a look-up that fails is not documented: here they try again soon.
 *
 * @code
 *   names->SetResolver(stub);
 *   instance->SetResolver([names](const std::string& name) { return names->Find(name); });
 * @endcode
 */
class GatewayNames : public Object
{
  public:
    /// Called when the address of a name has changed.
    typedef Callback<void, const std::string&, Ipv4Address> ChangeCallback;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    GatewayNames() = default;
    ~GatewayNames() override;

    /**
     * @param resolver the resolver of the instance's node; before the first name
     */
    void SetResolver(Ptr<StubResolver> resolver);

    /**
     * @param callback told of each change
     */
    void SetChangeCallback(ChangeCallback callback);

    /**
     * @brief The address of a name; from now on it is kept up to date.
     * @param name a domain name, without regard to case
     * @return its address, if one is known
     */
    std::optional<Ipv4Address> Find(const std::string& name);

    /**
     * TracedCallback signature for a look-up that has ended.
     *
     * @param [in] name the name, in lower case
     * @param [in] address its address from now on; 0.0.0.0: none is known
     * @param [in] next when it is looked up again
     */
    typedef void (*ResolvedTracedCallback)(const std::string& name, Ipv4Address address, Time next);

  protected:
    void DoDispose() override;

  private:
    /// A name.
    struct Entry
    {
        std::optional<Ipv4Address> address; //!< its address, if one is known
        std::optional<uint64_t> lookup;     //!< the look-up under way
        EventId next;                       //!< the next one
    };

    /**
     * @brief Look a name up.
     * @param name the name
     */
    void Resolve(std::string name);

    /**
     * @brief A look-up has ended.
     * @param name the name
     * @param lookup what came of it
     */
    void HandleResult(std::string name, const DnsLookup& lookup);

    /// Cancel what is under way.
    void Cancel();

    Ptr<StubResolver> m_resolver;           //!< of the node
    ChangeCallback m_change;                //!< told of each change
    Time m_retryInterval;                   //!< attribute
    std::map<std::string, Entry> m_entries; //!< by name, in lower case

    /// A look-up has ended.
    TracedCallback<const std::string&, Ipv4Address, Time> m_resolved;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_NAMES_H */
