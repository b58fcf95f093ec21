/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RETRY_POLICY_H
#define AZURE_RETRY_POLICY_H

#include <cstdint>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief How a try at a member failed before any of its response was passed on.
 */
enum class BackendFailure
{
    Timeout,    //!< silent past the request timeout (AG-37)
    Connection, //!< refused, reset or closed before a response (AG-39)
    Protocol    //!< what came back is not HTTP
};

/**
 * @ingroup azure-load-balancing
 * @brief What Azure does not say about second tries (AG-38).
 */
struct RetrySettings
{
    bool enabled{true};       //!< try a second member at all
    bool nonIdempotent{true}; //!< with methods such as POST too
};

/**
 * @ingroup azure-load-balancing
 * @brief What is to be done after a failed try.
 */
struct RetryDecision
{
    bool tryAnother{false}; //!< send the request to another member, if there is one
    uint32_t status{0};     //!< the answer otherwise, or where there is no other member
};

/**
 * @ingroup azure-load-balancing
 * @brief Decides about second tries and the status of failed requests (AG-37 to AG-39).
 *
 * v2 tries one more member; a request that timed out at any member ends with 504, others with 502.
 * v1 never tries again and always says 502.
 */
class RetryPolicy
{
  public:
    /**
     * @param settings what Azure does not say
     * @param v1 by the rules of v1
     */
    RetryPolicy(const RetrySettings& settings, bool v1);

    /**
     * @param method method of the request
     * @param tries tries made so far, the failed one included
     * @param failure how the last one failed
     * @param timedOutBefore an earlier one failed by timeout
     * @return what to do
     */
    RetryDecision Decide(const std::string& method,
                         uint32_t tries,
                         BackendFailure failure,
                         bool timedOutBefore) const;

    /**
     * @param method method of a request
     * @return whether doing it twice is as good as once (RFC 9110, section 9.2.2)
     */
    static bool IsIdempotent(const std::string& method);

  private:
    RetrySettings m_settings; //!< what Azure does not say
    bool m_v1;                //!< by the rules of v1
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_RETRY_POLICY_H */
