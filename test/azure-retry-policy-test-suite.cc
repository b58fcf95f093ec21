/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-retry-policy.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param t the test case
 */
void
CheckTable(FunctionTestCase& t)
{
    struct Row
    {
        bool v1;                // by the rules of v1
        uint32_t tries;         // made so far
        BackendFailure failure; // of the last one
        bool timedOutBefore;    // an earlier one timed out
        bool again;             // another member is tried
        uint32_t status;        // if there is none
    };

    const auto timeout = BackendFailure::Timeout;
    const auto connection = BackendFailure::Connection;
    const auto protocol = BackendFailure::Protocol;
    for (const Row& row : std::vector<Row>{
             {false, 1, timeout, false, true, 504},
             {false, 2, timeout, true, false, 504},
             {false, 2, connection, true, false, 504},
             {false, 2, timeout, false, false, 504},
             {false, 1, connection, false, true, 502},
             {false, 2, connection, false, false, 502},
             {false, 1, protocol, false, false, 502},
             {true, 1, timeout, false, false, 502},
             {true, 1, connection, false, false, 502},
         })
    {
        const auto decision = RetryPolicy(RetrySettings(), row.v1)
                                  .Decide("GET", row.tries, row.failure, row.timedOutBefore);
        const std::string what = std::string(row.v1 ? "v1" : "v2") + " try " +
                                 std::to_string(row.tries) + " failure " +
                                 std::to_string(static_cast<int>(row.failure));
        t.Equal(decision.tryAnother, row.again, what);
        t.Equal(decision.status, row.status, what);
    }
}

/**
 * @param t the test case
 */
void
CheckSwitches(FunctionTestCase& t)
{
    const auto again = [](RetrySettings settings, const char* method) {
        return RetryPolicy(settings, false)
            .Decide(method, 1, BackendFailure::Timeout, false)
            .tryAnother;
    };
    for (const char* method : {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
    {
        t.Equal(again({true, false}, method), true, method);
        t.Equal(again({false, true}, method), false, method);
    }
    for (const char* method : {"POST", "PATCH", "get", "CONNECT"})
    {
        t.Equal(again({true, true}, method), true, method);
        t.Equal(again({true, false}, method), false, method);
    }
}

/** Second tries. */
class RetryPolicyTestSuite : public TestSuite
{
  public:
    RetryPolicyTestSuite()
        : TestSuite("azure-retry-policy", Type::UNIT)
    {
        AddTestCase(
            new FunctionTestCase("AG-37 AG-39 a second member, then 504 or 502", CheckTable),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-38 second tries can be turned off, for all methods or "
                                         "for those that are not idempotent",
                                         CheckSwitches),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
RetryPolicyTestSuite g_retryPolicyTestSuite;

} // namespace
