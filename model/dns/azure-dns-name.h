/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_NAME_H
#define AZURE_DNS_NAME_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A fully qualified domain name (RFC 1035, section 3.1).
 *
 * Always valid: labels of 1 to 63 bytes, at most 255 bytes on the wire. Labels may hold any byte.
 * The case of letters is kept but does not count (RFC 4343). Names are ordered as in RFC 4034,
 * section 6.1, so that a name comes right before those below it.
 */
class DnsName
{
  public:
    /// Most bytes of a name on the wire (RFC 1035, section 3.1).
    static constexpr size_t MaxSize = 255;
    /// Most bytes of a label (RFC 1035, section 3.1).
    static constexpr size_t MaxLabelSize = 63;

    /** @brief The root. */
    DnsName() = default;

    /**
     * @brief A name that is known to be right, such as a literal; ends the program if it is not.
     * @param text as for Parse()
     */
    DnsName(const std::string& text);

    /**
     * @brief A name that is known to be right, such as a literal; ends the program if it is not.
     * @param text as for Parse()
     */
    DnsName(const char* text);

    /**
     * @brief Read a name from its text.
     *
     * @param text labels with dots in between, the last dot may be left out; a backslash takes the
     *        meaning from the next character, or gives a byte by three decimal digits (RFC 1035,
     *        section 5.1)
     * @param[out] error if not null: what is wrong
     * @return the name, nothing if the text is none
     */
    static std::optional<DnsName> Parse(const std::string& text, std::string* error = nullptr);

    /**
     * @brief Take a name from its uncompressed wire form.
     * @param wire the bytes, with the empty label at the end
     * @return the name, nothing if the bytes are none
     */
    static std::optional<DnsName> FromWire(const std::string& wire);

    /**
     * @return the uncompressed wire form, with the empty label at the end
     */
    const std::string& GetWire() const;

    /**
     * @return the text, without a dot at the end; `.` for the root
     */
    std::string ToText() const;

    /**
     * @return whether it is the root
     */
    bool IsRoot() const;

    /**
     * @return labels, without the empty one of the root
     */
    size_t GetLabelCount() const;

    /**
     * @param index 0 for the leftmost label, below GetLabelCount()
     * @return the bytes of the label
     */
    std::string GetLabel(size_t index) const;

    /**
     * @return the name without its leftmost label; the root for the root
     */
    DnsName GetParent() const;

    /**
     * @param labels how many
     * @return the name of the last labels; the name itself if it has no more
     */
    DnsName GetSuffix(size_t labels) const;

    /**
     * @param ancestor another name
     * @return whether this is the other name or below it
     */
    bool IsAtOrBelow(const DnsName& ancestor) const;

    /**
     * @param ancestor another name
     * @return whether this is below the other name
     */
    bool IsBelow(const DnsName& ancestor) const;

    /**
     * @param label a label, any bytes
     * @return the name one label below this; nothing if that is too long or the label is no label
     */
    std::optional<DnsName> Prepend(const std::string& label) const;

    /**
     * @return whether the leftmost label is `*` (RFC 4592, section 2.1.1)
     */
    bool IsWildcard() const;

    /**
     * @return a hash that does not depend on the case of letters
     */
    size_t GetHash() const;

    /**
     * @param other another name
     * @return whether both are the same, without regard to case
     */
    bool operator==(const DnsName& other) const;

    /**
     * @param other another name
     * @return whether this comes first in canonical order
     */
    bool operator<(const DnsName& other) const;

  private:
    std::string m_wire{std::string(1, '\0')}; //!< uncompressed wire form
};

/**
 * @brief Stream a name's text.
 * @param os the stream
 * @param name the name
 * @return the stream
 */
std::ostream& operator<<(std::ostream& os, const DnsName& name);

} // namespace azure
} // namespace ns3

/// Hash of a name, for the containers of the standard library.
template <>
struct std::hash<ns3::azure::DnsName>
{
    /**
     * @param name a name
     * @return its hash
     */
    size_t operator()(const ns3::azure::DnsName& name) const noexcept
    {
        return name.GetHash();
    }
};

#endif /* AZURE_DNS_NAME_H */
