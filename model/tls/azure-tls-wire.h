/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_WIRE_H
#define AZURE_TLS_WIRE_H

#include <cstdint>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Writes the numbers and vectors of TLS's presentation language (RFC 8446, section 3).
 *
 * Not a public header.
 */
class TlsWriter
{
  public:
    /**
     * @brief Append a number in network order.
     * @param value the number
     * @param width its bytes, 1 to 8
     */
    void Number(uint64_t value, uint32_t width)
    {
        while (width-- > 0)
        {
            m_bytes.push_back(static_cast<char>(value >> (8 * width) & 0xff));
        }
    }

    /** @param bytes bytes to append as they are */
    void Bytes(const std::string& bytes)
    {
        m_bytes += bytes;
    }

    /** @param count how many zeros to append */
    void Zeros(uint64_t count)
    {
        m_bytes.append(count, '\0');
    }

    /**
     * @brief Append a vector: its length, then its bytes.
     * @param bytes the bytes, cut to what the length can say
     * @param width bytes of the length
     */
    void Vector(const std::string& bytes, uint32_t width)
    {
        const auto size = Begin(width);
        m_bytes.append(bytes, 0, (1ULL << (8 * width)) - 1);
        End(size, width);
    }

    /**
     * @brief Begin a vector whose length is not known yet.
     * @param width bytes of the length
     * @return where it begins, for End()
     */
    uint64_t Begin(uint32_t width)
    {
        Zeros(width);
        return m_bytes.size();
    }

    /**
     * @brief End a vector.
     * @param begin what Begin() gave
     * @param width bytes of the length
     */
    void End(uint64_t begin, uint32_t width)
    {
        const auto size = m_bytes.size() - begin;
        for (uint32_t i = 1; i <= width; ++i)
        {
            m_bytes[begin - i] = static_cast<char>(size >> (8 * (i - 1)) & 0xff);
        }
    }

    /** @return bytes so far */
    uint64_t GetSize() const
    {
        return m_bytes.size();
    }

    /** @return what was written */
    const std::string& Get() const
    {
        return m_bytes;
    }

  private:
    std::string m_bytes; //!< what was written
};

/**
 * @ingroup azure-load-balancing
 * @brief Reads what TlsWriter writes; after an error everything is zero or empty.
 *
 * Not a public header.
 */
class TlsReader
{
  public:
    /** @param bytes what to read */
    explicit TlsReader(const std::string& bytes)
        : m_bytes(bytes)
    {
    }

    /**
     * @param width bytes of a number, 1 to 8
     * @return the number
     */
    uint64_t Number(uint32_t width)
    {
        uint64_t value = 0;
        if (Need(width))
        {
            while (width-- > 0)
            {
                value = value << 8 | static_cast<uint8_t>(m_bytes[m_at++]);
            }
        }
        return value;
    }

    /**
     * @param count how many bytes
     * @return the bytes
     */
    std::string Bytes(uint64_t count)
    {
        if (!Need(count))
        {
            return "";
        }
        m_at += count;
        return m_bytes.substr(m_at - count, count);
    }

    /**
     * @param width bytes of the length of a vector
     * @return its bytes
     */
    std::string Vector(uint32_t width)
    {
        return Bytes(Number(width));
    }

    /** @return whether all that was read was there */
    bool IsGood() const
    {
        return m_good;
    }

    /** @return whether there is more to read */
    bool HasMore() const
    {
        return m_good && m_at < m_bytes.size();
    }

    /** @return whether all that was read was there, and nothing is left */
    bool IsDone() const
    {
        return m_good && m_at == m_bytes.size();
    }

  private:
    /**
     * @param count bytes that are wanted
     * @return whether they are there
     */
    bool Need(uint64_t count)
    {
        m_good = m_good && count <= m_bytes.size() - m_at;
        return m_good;
    }

    std::string m_bytes; //!< what to read
    uint64_t m_at{0};    //!< the next byte
    bool m_good{true};   //!< nothing was missing so far
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_WIRE_H */
