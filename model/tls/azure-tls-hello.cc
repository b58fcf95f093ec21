/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-message.h"
#include "azure-tls-wire.h"

#include <algorithm>
#include <map>
#include <optional>

namespace ns3
{
namespace azure
{

namespace
{

// Numbers of extensions.
constexpr uint16_t SERVER_NAME = 0;
constexpr uint16_t SUPPORTED_GROUPS = 10;
constexpr uint16_t EC_POINT_FORMATS = 11;
constexpr uint16_t SIGNATURE_ALGORITHMS = 13;
constexpr uint16_t PADDING = 21;
constexpr uint16_t EXTENDED_MASTER_SECRET = 23;
constexpr uint16_t SESSION_TICKET = 35;
constexpr uint16_t PRE_SHARED_KEY = 41;
constexpr uint16_t SUPPORTED_VERSIONS = 43;
constexpr uint16_t PSK_KEY_EXCHANGE_MODES = 45;
constexpr uint16_t KEY_SHARE = 51;
constexpr uint16_t RENEGOTIATION_INFO = 0xff01;

constexpr uint16_t X25519 = 29;       //!< the one group
constexpr uint32_t RANDOM_BYTES = 32; //!< of hellos
constexpr uint32_t KEY_BYTES = 32;    //!< of an x25519 key
constexpr uint32_t BINDER_BYTES = 32; //!< of a binder, with SHA-256
constexpr uint32_t HEADER_BYTES = 4;  //!< of a handshake message

/**
 * @brief Append an extension.
 * @param out where
 * @param type its number
 * @param data its content
 */
void
Extension(TlsWriter& out, uint16_t type, const std::string& data)
{
    out.Number(type, 2);
    out.Vector(data, 2);
}

/**
 * @param numbers numbers of 16 bits
 * @param width bytes of the length of the list
 * @return their list
 */
std::string
List(const std::vector<uint16_t>& numbers, uint32_t width)
{
    TlsWriter items;
    for (auto number : numbers)
    {
        items.Number(number, 2);
    }
    TlsWriter out;
    out.Vector(items.Get(), width);
    return out.Get();
}

/**
 * @brief Read extensions.
 * @param in at their length
 * @param[out] extensions their contents by number
 * @param[out] last number of the last one
 * @return whether they could be read, and none occurs twice (RFC 8446, section 4.2)
 */
bool
ReadExtensions(TlsReader& in, std::map<uint16_t, std::string>& extensions, uint16_t& last)
{
    TlsReader list(in.Vector(2));
    while (list.HasMore())
    {
        last = static_cast<uint16_t>(list.Number(2));
        if (!extensions.emplace(last, list.Vector(2)).second)
        {
            return false;
        }
    }
    return list.IsDone();
}

/**
 * @brief Read an optional extension that is a list of 16-bit numbers.
 * @param bytes its content
 * @param width bytes of the length of the list
 * @return the numbers; none if it cannot be read
 */
std::optional<std::vector<uint16_t>>
ReadList(const std::string& bytes, uint32_t width)
{
    TlsReader in(bytes);
    TlsReader items(in.Vector(width));
    std::vector<uint16_t> numbers;
    while (items.HasMore())
    {
        numbers.push_back(static_cast<uint16_t>(items.Number(2)));
    }
    if (!in.IsDone() || !items.IsDone())
    {
        return std::nullopt;
    }
    return numbers;
}

/**
 * @param number a number on the wire
 * @return the cipher suite, if it is one of ours
 */
std::optional<TlsCipher>
ToCipher(uint64_t number)
{
    for (auto cipher : TlsAllCiphers())
    {
        if (static_cast<uint16_t>(cipher) == number)
        {
            return cipher;
        }
    }
    return std::nullopt;
}

/**
 * @brief Read server_name.
 * @param bytes content of the extension
 * @param[out] name the host name
 * @return whether it could be read
 */
bool
ReadServerName(const std::string& bytes, std::string& name)
{
    TlsReader in(bytes);
    TlsReader entries(in.Vector(2));
    const auto type = entries.Number(1);
    name = entries.Vector(2);
    return in.IsDone() && entries.IsDone() && type == 0 && !name.empty() &&
           name.find('\0') == std::string::npos;
}

} // namespace

TlsMessage
TlsClientHello::Encode() const
{
    const bool new13 =
        std::find(versions.begin(), versions.end(), TlsVersion::Tls13) != versions.end();
    const bool old12 =
        std::find(versions.begin(), versions.end(), TlsVersion::Tls12) != versions.end();
    TlsWriter out;
    out.Number(static_cast<uint16_t>(TlsVersion::Tls12), 2);
    out.Bytes(random);
    out.Vector(sessionId, 1);
    std::vector<uint16_t> numbers;
    for (auto cipher : ciphers)
    {
        numbers.push_back(static_cast<uint16_t>(cipher));
    }
    out.Bytes(List(numbers, 2));
    out.Vector(std::string(1, '\0'), 1); // no compression
    const auto extensions = out.Begin(2);
    if (!serverName.empty())
    {
        TlsWriter entry;
        entry.Number(0, 1);
        entry.Vector(serverName, 2);
        TlsWriter list;
        list.Vector(entry.Get(), 2);
        Extension(out, SERVER_NAME, list.Get());
    }
    Extension(out, SUPPORTED_GROUPS, List({X25519, 23, 24}, 2));
    Extension(out,
              SIGNATURE_ALGORITHMS,
              List({0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601}, 2));
    if (old12)
    {
        Extension(out, EC_POINT_FORMATS, std::string("\x01\x00", 2));
        Extension(out, EXTENDED_MASTER_SECRET, "");
        Extension(out, RENEGOTIATION_INFO, std::string(1, '\0'));
        if (ticketsWelcome)
        {
            Extension(out, SESSION_TICKET, ticket);
        }
    }
    if (new13)
    {
        std::vector<uint16_t> offered;
        for (auto version : versions)
        {
            offered.push_back(static_cast<uint16_t>(version));
        }
        Extension(out, SUPPORTED_VERSIONS, List(offered, 1));
        Extension(out, PSK_KEY_EXCHANGE_MODES, "\x01\x01"); // psk_dhe_ke
    }
    if (hasKeyShare)
    {
        TlsWriter share;
        const auto list = share.Begin(2);
        share.Number(X25519, 2);
        share.Vector(std::string(KEY_BYTES, '\0'), 2);
        share.End(list, 2);
        Extension(out, KEY_SHARE, share.Get());
    }
    TlsWriter psk;
    if (!pskIdentity.empty())
    {
        const auto identities = psk.Begin(2);
        psk.Vector(pskIdentity, 2);
        psk.Zeros(4); // obfuscated_ticket_age
        psk.End(identities, 2);
        const auto binders = psk.Begin(2);
        const auto first = psk.Begin(1);
        psk.Zeros(BINDER_BYTES - 8);
        psk.Number(binder, 8);
        psk.End(first, 1);
        psk.End(binders, 2);
    }
    const auto pskBytes = psk.GetSize() > 0 ? psk.GetSize() + 4 : 0;
    const auto size = HEADER_BYTES + out.GetSize() + pskBytes;
    if (size + 4 <= minimumBytes)
    {
        Extension(out, PADDING, std::string(minimumBytes - size - 4, '\0'));
    }
    if (psk.GetSize() > 0)
    {
        Extension(out, PRE_SHARED_KEY, psk.Get()); // the last (RFC 8446, section 4.2.11)
    }
    out.End(extensions, 2);
    return {TlsMessageType::ClientHello, out.Get()};
}

bool
TlsClientHello::Decode(const std::string& body)
{
    *this = TlsClientHello();
    TlsReader in(body);
    const auto legacy = in.Number(2);
    random = in.Bytes(RANDOM_BYTES);
    sessionId = in.Vector(1);
    TlsReader suites(in.Vector(2));
    while (suites.HasMore())
    {
        if (auto cipher = ToCipher(suites.Number(2)))
        {
            ciphers.push_back(*cipher);
        }
    }
    in.Vector(1);
    std::map<uint16_t, std::string> extensions;
    uint16_t last = 0;
    if (!suites.IsDone() || sessionId.size() > 32 ||
        (in.HasMore() && !ReadExtensions(in, extensions, last)) || !in.IsDone())
    {
        return false;
    }
    if (extensions.contains(SERVER_NAME) && !ReadServerName(extensions[SERVER_NAME], serverName))
    {
        return false;
    }
    if (extensions.contains(SUPPORTED_VERSIONS))
    {
        auto offered = ReadList(extensions[SUPPORTED_VERSIONS], 1);
        if (!offered)
        {
            return false;
        }
        for (auto number : *offered)
        {
            if (number == static_cast<uint16_t>(TlsVersion::Tls12) ||
                number == static_cast<uint16_t>(TlsVersion::Tls13))
            {
                versions.push_back(static_cast<TlsVersion>(number));
            }
        }
    }
    else if (legacy >= static_cast<uint16_t>(TlsVersion::Tls12))
    {
        versions.push_back(TlsVersion::Tls12);
    }
    ticketsWelcome = extensions.contains(SESSION_TICKET);
    ticket = ticketsWelcome ? extensions[SESSION_TICKET] : "";
    hasKeyShare = extensions.contains(KEY_SHARE);
    if (extensions.contains(PRE_SHARED_KEY))
    {
        TlsReader psk(extensions[PRE_SHARED_KEY]);
        TlsReader identities(psk.Vector(2));
        pskIdentity = identities.Vector(2);
        identities.Number(4);
        TlsReader binders(psk.Vector(2));
        TlsReader first(binders.Vector(1));
        first.Bytes(BINDER_BYTES - 8);
        binder = first.Number(8);
        // Of several identities only the first is looked at.
        return last == PRE_SHARED_KEY && psk.IsDone() && identities.IsGood() && first.IsGood() &&
               !pskIdentity.empty();
    }
    return true;
}

TlsMessage
TlsServerHello::Encode() const
{
    TlsWriter out;
    out.Number(static_cast<uint16_t>(TlsVersion::Tls12), 2);
    out.Bytes(random);
    out.Vector(sessionId, 1);
    out.Number(static_cast<uint16_t>(cipher), 2);
    out.Number(0, 1); // no compression
    const auto extensions = out.Begin(2);
    if (version == TlsVersion::Tls13)
    {
        TlsWriter chosen;
        chosen.Number(static_cast<uint16_t>(version), 2);
        Extension(out, SUPPORTED_VERSIONS, chosen.Get());
        TlsWriter share;
        share.Number(X25519, 2);
        share.Vector(std::string(KEY_BYTES, '\0'), 2);
        Extension(out, KEY_SHARE, share.Get());
        if (pskAccepted)
        {
            Extension(out, PRE_SHARED_KEY, std::string(2, '\0')); // the first identity
        }
    }
    else
    {
        if (nameAccepted)
        {
            Extension(out, SERVER_NAME, "");
        }
        Extension(out, RENEGOTIATION_INFO, std::string(1, '\0'));
        Extension(out, EXTENDED_MASTER_SECRET, "");
        if (ticketFollows)
        {
            Extension(out, SESSION_TICKET, "");
        }
    }
    out.End(extensions, 2);
    return {TlsMessageType::ServerHello, out.Get()};
}

bool
TlsServerHello::Decode(const std::string& body)
{
    *this = TlsServerHello();
    TlsReader in(body);
    const auto legacy = in.Number(2);
    random = in.Bytes(RANDOM_BYTES);
    sessionId = in.Vector(1);
    cipher = ToCipher(in.Number(2)).value_or(TlsCipher::None);
    in.Number(1);
    std::map<uint16_t, std::string> extensions;
    uint16_t last = 0;
    if ((in.HasMore() && !ReadExtensions(in, extensions, last)) || !in.IsDone() ||
        sessionId.size() > 32)
    {
        return false;
    }
    auto number = legacy;
    if (extensions.contains(SUPPORTED_VERSIONS))
    {
        TlsReader chosen(extensions[SUPPORTED_VERSIONS]);
        number = chosen.Number(2);
    }
    version = number == static_cast<uint16_t>(TlsVersion::Tls13)   ? TlsVersion::Tls13
              : number == static_cast<uint16_t>(TlsVersion::Tls12) ? TlsVersion::Tls12
                                                                   : TlsVersion::None;
    ticketFollows = extensions.contains(SESSION_TICKET);
    pskAccepted = extensions.contains(PRE_SHARED_KEY);
    nameAccepted = extensions.contains(SERVER_NAME);
    return true;
}

} // namespace azure
} // namespace ns3
