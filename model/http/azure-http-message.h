/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HTTP_MESSAGE_H
#define AZURE_HTTP_MESSAGE_H

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief One header field of an HTTP message.
 */
struct HttpField
{
    std::string name;  //!< as received or as to be sent; compared without regard to case
    std::string value; //!< without the white space around it
};

/**
 * @ingroup azure-load-balancing
 * @brief The header fields of a message, in their order on the wire.
 *
 * Names compare without regard to case (RFC 9110, section 5.1). A field may occur more than once.
 */
class HttpFields
{
  public:
    /**
     * @param name name of a field
     * @return whether the field occurs
     */
    bool Has(const std::string& name) const;

    /**
     * @param name name of a field
     * @return value of its first occurrence, empty if there is none
     */
    std::string Get(const std::string& name) const;

    /**
     * @brief Look for an element in a comma-separated list field such as Connection.
     *
     * @param name name of a field; all its occurrences are read
     * @param token element to look for, compared without regard to case
     * @return whether the list has it
     */
    bool HasToken(const std::string& name, const std::string& token) const;

    /**
     * @brief Append a field, whether or not one of that name exists.
     * @param name name of the field
     * @param value value of the field
     */
    void Add(const std::string& name, const std::string& value);

    /**
     * @brief Replace all fields of that name by one, in the place of the first.
     * @param name name of the field
     * @param value value of the field
     */
    void Set(const std::string& name, const std::string& value);

    /**
     * @brief Remove all fields of that name.
     * @param name name of the field
     * @return how many were removed
     */
    uint32_t Remove(const std::string& name);

    /**
     * @return the fields in their order
     */
    const std::vector<HttpField>& GetAll() const;

  private:
    std::vector<HttpField> m_fields; //!< in wire order
};

/**
 * @ingroup azure-load-balancing
 * @brief How the end of a message's body is found (RFC 9112, section 6.3).
 */
enum class HttpFraming
{
    None,      //!< no body
    Length,    //!< Content-Length bytes
    Chunked,   //!< chunked transfer coding
    UntilClose //!< a response that ends with its connection
};

/**
 * @ingroup azure-load-balancing
 * @brief What the heads of requests and responses have in common.
 *
 * The parser fills in the last four members from the fields; the serializer does not read them.
 */
struct HttpHead
{
    uint32_t version{11};                   //!< 10 for HTTP/1.0, 11 for HTTP/1.1
    HttpFields fields;                      //!< header fields
    HttpFraming framing{HttpFraming::None}; //!< how the body ends
    uint64_t contentLength{0};              //!< bytes of body, with HttpFraming::Length
    bool keepAlive{true};  //!< whether the connection may carry another message after this
    uint32_t headBytes{0}; //!< size of the head on the wire, with the empty line
};

/**
 * @ingroup azure-load-balancing
 * @brief Request line and header fields.
 */
struct HttpRequestHead : public HttpHead
{
    std::string method{"GET"}; //!< case-sensitive
    std::string target{"/"};   //!< as on the request line

    /**
     * @return the path of the target: no scheme, no authority, no query
     */
    std::string GetPath() const;

    /**
     * @return whether the sender waits for 100 (Continue) before it sends the body
     */
    bool ExpectsContinue() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief Status line and header fields.
 */
struct HttpResponseHead : public HttpHead
{
    uint32_t status{200}; //!< 100 to 999
    std::string reason;   //!< empty: the serializer takes the registered phrase
};

/**
 * @param left a token
 * @param right a token
 * @return whether both are the same without regard to the case of ASCII letters
 */
bool HttpTokensEqual(const std::string& left, const std::string& right);

/**
 * @param size a drawn size of a body, in bytes
 * @return the size rounded; negative is 0
 */
uint64_t HttpBodyBytes(double size);

/**
 * @brief Write a request head as it goes on the wire.
 *
 * Control characters in any part, which could end a line, are dropped.
 *
 * @param head the head
 * @return its text, with the empty line at the end
 */
std::string HttpSerialize(const HttpRequestHead& head);

/**
 * @brief Write a response head as it goes on the wire.
 *
 * Control characters in any part, which could end a line, are dropped.
 *
 * @param head the head
 * @return its text, with the empty line at the end
 */
std::string HttpSerialize(const HttpResponseHead& head);

} // namespace azure
} // namespace ns3

#endif /* AZURE_HTTP_MESSAGE_H */
