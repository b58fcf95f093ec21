/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_RECORD_H
#define AZURE_DNS_RECORD_H

#include "azure-dns-name.h"

#include "ns3/azure-ip-address.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Types of records and questions. Others than the named ones are carried as they are.
 */
enum class DnsType : uint16_t
{
    None = 0,   //!< no type
    A = 1,      //!< an IPv4 address (RFC 1035)
    Ns = 2,     //!< a name server (RFC 1035)
    Cname = 5,  //!< the canonical name of an alias (RFC 1035)
    Soa = 6,    //!< start of a zone of authority (RFC 1035)
    Ptr = 12,   //!< a name elsewhere in the tree (RFC 1035)
    Mx = 15,    //!< a mail exchange (RFC 1035)
    Txt = 16,   //!< texts (RFC 1035)
    Aaaa = 28,  //!< an IPv6 address (RFC 3596)
    Srv = 33,   //!< a server of a service (RFC 2782)
    Opt = 41,   //!< the pseudo-record of EDNS (RFC 6891)
    Axfr = 252, //!< a question for a whole zone (RFC 5936)
    Any = 255   //!< a question for all types (RFC 1035)
};

/// The class of the Internet (RFC 1035, section 3.2.4).
constexpr uint16_t DNS_CLASS_IN = 1;

/// The longest TTL, in seconds (RFC 2181, section 8).
constexpr uint32_t DNS_MAX_TTL = 2147483647;

/**
 * @ingroup azure-load-balancing
 * @param type a type
 * @return its mnemonic, or `TYPE<number>` (RFC 3597, section 5)
 */
std::string ToText(DnsType type);

/**
 * @ingroup azure-load-balancing
 * @brief Data of an SOA record (RFC 1035, section 3.3.13); times in seconds.
 */
struct DnsSoa
{
    DnsName primary;     //!< name server that the zone comes from
    DnsName mailbox;     //!< of the person responsible
    uint32_t serial{0};  //!< version of the zone
    uint32_t refresh{0}; //!< how often secondaries look for a new version
    uint32_t retry{0};   //!< how long they wait after a failure
    uint32_t expire{0};  //!< when they give the zone up
    uint32_t minimum{0}; //!< TTL of negative answers (RFC 2308, section 4)

    /**
     * @param other other data
     * @return whether both are the same
     */
    bool operator==(const DnsSoa& other) const = default;
};

/**
 * @ingroup azure-load-balancing
 * @brief Data of an MX record (RFC 1035, section 3.3.9).
 */
struct DnsMx
{
    uint16_t preference{0}; //!< lower ones are tried first
    DnsName exchange;       //!< the host

    /**
     * @param other other data
     * @return whether both are the same
     */
    bool operator==(const DnsMx& other) const = default;
};

/**
 * @ingroup azure-load-balancing
 * @brief Data of an SRV record (RFC 2782).
 */
struct DnsSrv
{
    uint16_t priority{0}; //!< lower ones are tried first
    uint16_t weight{0};   //!< share among those of one priority
    uint16_t port{0};     //!< port of the service
    DnsName target;       //!< the host

    /**
     * @param other other data
     * @return whether both are the same
     */
    bool operator==(const DnsSrv& other) const = default;
};

/**
 * @ingroup azure-load-balancing
 * @brief Data of a TXT record: texts of 0 to 255 bytes each, at least one.
 */
struct DnsTxt
{
    std::vector<std::string> texts; //!< the texts

    /**
     * @param other other data
     * @return whether both are the same
     */
    bool operator==(const DnsTxt& other) const = default;
};

/**
 * @ingroup azure-load-balancing
 * @brief Data of a record of any other type, as on the wire.
 */
struct DnsRawData
{
    std::string bytes; //!< the bytes

    /**
     * @param other other data
     * @return whether both are the same
     */
    bool operator==(const DnsRawData& other) const = default;
};

/// Data of a record: an address for A and AAAA, a name for NS, CNAME and PTR.
typedef std::variant<DnsRawData, IpAddress, DnsName, DnsSoa, DnsMx, DnsSrv, DnsTxt> DnsData;

/**
 * @ingroup azure-load-balancing
 * @brief A resource record.
 */
struct DnsRecord
{
    DnsName name;                       //!< owner
    DnsType type{DnsType::None};        //!< type
    uint32_t ttl{0};                    //!< seconds it may be kept, up to DNS_MAX_TTL
    DnsData data;                       //!< data, of the kind that belongs to the type
    uint16_t recordClass{DNS_CLASS_IN}; //!< class

    /**
     * @param name owner
     * @param ttl seconds
     * @param address the address; ends the program if it is none
     * @return a record of type A
     */
    static DnsRecord A(const DnsName& name, uint32_t ttl, Ipv4Address address);

    /**
     * @param name owner
     * @param ttl seconds
     * @param address the address
     * @return a record of type AAAA, or of type A for an IPv4 address
     */
    static DnsRecord Address(const DnsName& name, uint32_t ttl, const IpAddress& address);

    /**
     * @param name owner
     * @param ttl seconds
     * @param target the canonical name
     * @return a record of type CNAME
     */
    static DnsRecord Cname(const DnsName& name, uint32_t ttl, const DnsName& target);

    /**
     * @param name owner
     * @param ttl seconds
     * @param server the name server
     * @return a record of type NS
     */
    static DnsRecord Ns(const DnsName& name, uint32_t ttl, const DnsName& server);

    /**
     * @param name owner
     * @param ttl seconds
     * @param soa data
     * @return a record of type SOA
     */
    static DnsRecord Soa(const DnsName& name, uint32_t ttl, const DnsSoa& soa);

    /**
     * @param name owner
     * @param ttl seconds
     * @param texts texts of at most 255 bytes each
     * @return a record of type TXT
     */
    static DnsRecord Txt(const DnsName& name, uint32_t ttl, const std::vector<std::string>& texts);

    /**
     * @return the address of a record of type A or AAAA, unset for any other
     */
    IpAddress GetAddress() const;

    /**
     * @return the name that data of a CNAME, NS, PTR, MX or SRV record leads to; null for others
     */
    const DnsName* GetTarget() const;

    /**
     * @return the data of an SOA record; null for others
     */
    const DnsSoa* GetSoa() const;

    /**
     * @return what is wrong with it: data of another kind than the type asks for, a TTL above
     *         DNS_MAX_TTL, a text or data that are too long; empty: nothing
     */
    std::string Check() const;

    /**
     * @return one line, in the manner of a zone file; other types as in RFC 3597, section 5
     */
    std::string ToText() const;

    /**
     * @param other another record
     * @return whether both are the same in all parts
     */
    bool operator==(const DnsRecord& other) const = default;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_RECORD_H */
