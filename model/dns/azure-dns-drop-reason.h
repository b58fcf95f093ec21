/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_DROP_REASON_H
#define AZURE_DNS_DROP_REASON_H

#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Why a message that arrived is ignored.
 */
enum class DnsDropReason
{
    Malformed,     //!< it cannot be read; a query gets a FORMERR if its header is whole
    NotAQuery,     //!< a response came to the port of a server
    NotAResponse,  //!< a query came to the port of a client
    WrongId,       //!< the identifier is not that of the query
    WrongSource,   //!< it is not from the address and port that were asked
    WrongQuestion, //!< it repeats another question than that of the query
    WrongSubnet,   //!< its Client Subnet is not that of the query (RFC 7871, section 7.3)
    NotLocal,      //!< it was sent to an address that is not the node's own, such as a broadcast
    Silent,        //!< the server was told to be silent
    Overload       //!< there are too many queries or connections at a time
};

/**
 * @ingroup azure-load-balancing
 * @param reason a reason
 * @return its name as above
 */
inline std::string
ToText(DnsDropReason reason)
{
    switch (reason)
    {
    case DnsDropReason::Malformed:
        return "Malformed";
    case DnsDropReason::NotAQuery:
        return "NotAQuery";
    case DnsDropReason::NotAResponse:
        return "NotAResponse";
    case DnsDropReason::WrongId:
        return "WrongId";
    case DnsDropReason::WrongSource:
        return "WrongSource";
    case DnsDropReason::WrongQuestion:
        return "WrongQuestion";
    case DnsDropReason::WrongSubnet:
        return "WrongSubnet";
    case DnsDropReason::NotLocal:
        return "NotLocal";
    case DnsDropReason::Silent:
        return "Silent";
    case DnsDropReason::Overload:
        return "Overload";
    }
    return "Unknown";
}

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_DROP_REASON_H */
