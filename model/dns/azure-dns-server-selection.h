/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_SERVER_SELECTION_H
#define AZURE_DNS_SERVER_SELECTION_H

#include "ns3/azure-ip-address.h"
#include "ns3/nstime.h"

#include <map>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Which of several name servers a resolver asks, and how long it waits for an answer.
 *
 * In the manner of Unbound: any of those whose timeout is within a band above the lowest one, at
 * random. The timeout is that of TCP (RFC 6298, section 2) without its floor of a second, and
 * doubles with each query that is not answered; after a while all is forgotten.
 */
class DnsServerSelection
{
  public:
    Time unknown{MilliSeconds(376)}; //!< timeout of a server that was never asked
    Time band{MilliSeconds(400)};    //!< how far above the lowest timeout one may be
    Time minimum{MilliSeconds(50)};  //!< lowest timeout
    Time maximum{Seconds(12)};       //!< highest timeout
    Time memory{Seconds(900)};       //!< how long a measurement counts

    /**
     * @brief Choose a server.
     * @param servers candidates, at least one
     * @param random uniform in [0, 1)
     * @param now present time
     * @return one of them
     */
    IpAddress Choose(const std::vector<IpAddress>& servers, double random, Time now) const;

    /**
     * @param server a server
     * @param now present time
     * @return how long to wait for its answer
     */
    Time GetTimeout(const IpAddress& server, Time now) const;

    /**
     * @brief A server answered.
     * @param server the server
     * @param rtt time from query to answer
     * @param now present time
     */
    void AddAnswer(const IpAddress& server, Time rtt, Time now);

    /**
     * @brief A server did not answer in time, or cannot be reached.
     * @param server the server
     * @param now present time
     */
    void AddTimeout(const IpAddress& server, Time now);

  private:
    /** @brief What is known of a server. */
    struct Server
    {
        Time rtt{0};       //!< smoothed round-trip time; 0: never measured
        Time variation{0}; //!< its variation
        Time timeout;      //!< present timeout
        Time since;        //!< when the first measurement was made
    };

    std::map<IpAddress, Server> m_servers; //!< by address
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_SERVER_SELECTION_H */
