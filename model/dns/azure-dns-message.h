/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_MESSAGE_H
#define AZURE_DNS_MESSAGE_H

#include "azure-dns-record.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Response codes (RFC 1035, section 4.1.1; BADVERS: RFC 6891).
 */
enum class DnsRcode : uint16_t
{
    NoError = 0,        //!< no error; without answers: no data of the type (RFC 2308)
    FormatError = 1,    //!< the query could not be understood
    ServerFailure = 2,  //!< the server could not find out
    NameError = 3,      //!< NXDOMAIN: the name does not exist
    NotImplemented = 4, //!< this kind of query is not supported
    Refused = 5,        //!< the server does not answer this
    BadVersion = 16     //!< the version of EDNS is not supported
};

/**
 * @ingroup azure-load-balancing
 * @param rcode a response code
 * @return its mnemonic, `RCODE<number>` for others
 */
std::string ToText(DnsRcode rcode);

/**
 * @ingroup azure-load-balancing
 * @brief A question.
 */
struct DnsQuestion
{
    DnsName name;                         //!< about what
    DnsType type{DnsType::A};             //!< what
    uint16_t questionClass{DNS_CLASS_IN}; //!< in which class

    /**
     * @param other another question
     * @return whether both ask the same, without regard to the case of the name
     */
    bool operator==(const DnsQuestion& other) const = default;

    /**
     * @return name and type as text
     */
    std::string ToText() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief EDNS Client Subnet (RFC 7871, section 6).
 */
struct DnsClientSubnet
{
    bool isIpv6{false};      //!< family of the address
    uint8_t sourcePrefix{0}; //!< leading bits of the address that are told
    uint8_t scopePrefix{0};  //!< in answers: leading bits that the answer holds for; 0 in queries
    IpAddress address;       //!< the client's address, bits behind sourcePrefix are 0

    /**
     * @brief The option of a query.
     * @param address the client's address
     * @param prefix bits of it to tell, at most 32 for IPv4 and 128 for IPv6 are
     * @return the option, with the other bits cleared
     */
    static DnsClientSubnet From(const IpAddress& address, uint8_t prefix);

    /**
     * @return most bits of a prefix of its family
     */
    uint8_t GetMaxPrefix() const;

    /**
     * @param other another one
     * @return whether both are the same in all parts
     */
    bool operator==(const DnsClientSubnet& other) const = default;
};

/**
 * @ingroup azure-load-balancing
 * @param address an address
 * @param prefix leading bits to keep, counted within its family
 * @return the address with all others cleared
 */
IpAddress MaskDnsAddress(const IpAddress& address, uint8_t prefix);

/**
 * @ingroup azure-load-balancing
 * @brief What the OPT pseudo-record says (RFC 6891, section 6.1).
 */
struct DnsEdns
{
    uint16_t udpPayloadSize{1232};               //!< bytes of a datagram that the sender can take
    uint8_t version{0};                          //!< version of EDNS
    bool dnssecOk{false};                        //!< the sender wants DNSSEC records
    std::optional<DnsClientSubnet> clientSubnet; //!< the option Client Subnet

    /**
     * @param other another one
     * @return whether both are the same in all parts
     */
    bool operator==(const DnsEdns& other) const = default;
};

/**
 * @ingroup azure-load-balancing
 * @brief A DNS message (RFC 1035, section 4).
 */
struct DnsMessage
{
    uint16_t id{0};                     //!< identifier that a response repeats
    bool isResponse{false};             //!< QR
    uint8_t opcode{0};                  //!< 0: a standard query
    bool isAuthoritative{false};        //!< AA
    bool isTruncated{false};            //!< TC
    bool recursionDesired{false};       //!< RD
    bool recursionAvailable{false};     //!< RA
    bool authenticData{false};          //!< AD
    bool checkingDisabled{false};       //!< CD
    DnsRcode rcode{DnsRcode::NoError};  //!< code, with the upper bits from EDNS
    std::vector<DnsQuestion> questions; //!< questions, one as a rule (RFC 9619)
    std::vector<DnsRecord> answers;     //!< answer section
    std::vector<DnsRecord> authorities; //!< authority section
    std::vector<DnsRecord> additionals; //!< additional section, without OPT
    std::optional<DnsEdns> edns;        //!< EDNS

    /**
     * @param question what to ask
     * @param id identifier
     * @param recursionDesired RD
     * @return a query without EDNS
     */
    static DnsMessage Query(const DnsQuestion& question, uint16_t id, bool recursionDesired);

    /**
     * @return a response to this query without records: same id, opcode, question, RD and CD
     */
    DnsMessage MakeResponse() const;

    /**
     * @param other another one
     * @return whether both are the same in all parts
     */
    bool operator==(const DnsMessage& other) const = default;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_MESSAGE_H */
