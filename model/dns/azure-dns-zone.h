/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_ZONE_H
#define AZURE_DNS_ZONE_H

#include "azure-dns-message.h"

#include "ns3/nstime.h"

#include <optional>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What a zone is asked, and by whom.
 */
struct DnsZoneQuery
{
    DnsQuestion question;                        //!< about a name in the zone, class IN
    IpAddress source;                            //!< where the query came from
    std::optional<DnsClientSubnet> clientSubnet; //!< the option of the query, if it has one
    Time now;                                    //!< present time

    /**
     * @return the address of the client as far as it is known: that of the option, if there is one
     *         that tells something, or else the source of the query
     */
    IpAddress GetClient() const
    {
        return clientSubnet && clientSubnet->sourcePrefix ? clientSubnet->address : source;
    }
};

/**
 * @ingroup azure-load-balancing
 * @brief What a zone answers.
 */
struct DnsZoneAnswer
{
    DnsRcode rcode{DnsRcode::NoError};  //!< NoError, NameError, or a failure
    bool isAuthoritative{true};         //!< false for a referral
    std::vector<DnsRecord> answers;     //!< records of the name asked for; a CNAME is followed by
                                        //!< the server, as far as it is responsible for its target
    std::vector<DnsRecord> authorities; //!< SOA of a negative answer, NS of a referral
    std::vector<DnsRecord> additionals; //!< addresses of hosts named in the others
    uint8_t scopePrefix{0};             //!< bits of the client's address that the answer holds for
};

/**
 * @ingroup azure-load-balancing
 * @brief A zone as an authoritative server sees it: something that answers questions.
 *
 * DnsStaticZone answers from records. A class of one's own can compute each answer from who asks.
 */
class DnsZone
{
  public:
    virtual ~DnsZone() = default;

    /**
     * @return the name of its apex
     */
    virtual DnsName GetOrigin() const = 0;

    /**
     * @brief Answer a question.
     * @param query the question, about a name at or below the origin
     * @return the answer
     */
    virtual DnsZoneAnswer Answer(const DnsZoneQuery& query) = 0;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_ZONE_H */
