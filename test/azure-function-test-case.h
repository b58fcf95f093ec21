/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_FUNCTION_TEST_CASE_H
#define AZURE_FUNCTION_TEST_CASE_H

#include "ns3/test.h"

#include <functional>
#include <string>
#include <type_traits>

namespace ns3
{
namespace azure
{

/** A test case that is one function. */
class FunctionTestCase : public TestCase
{
  public:
    /**
     * @param name name of the case
     * @param body what to do
     */
    FunctionTestCase(const std::string& name, std::function<void(FunctionTestCase&)> body)
        : TestCase(name),
          m_body(body)
    {
    }

    /**
     * @param condition what must hold
     * @param what the message when it does not
     */
    void Check(bool condition, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(condition, true, what);
    }

    /**
     * @param actual what came out
     * @param expected what must come out
     * @param what the message when it does not
     */
    template <typename T, typename U>
    void Equal(const T& actual, const U& expected, const std::string& what)
    {
        if constexpr (std::is_integral_v<T> && std::is_integral_v<U>)
        {
            // Literals are signed, counters are not.
            using Common = std::common_type_t<T, U>;
            NS_TEST_EXPECT_MSG_EQ(static_cast<Common>(actual), static_cast<Common>(expected), what);
        }
        else
        {
            NS_TEST_EXPECT_MSG_EQ(actual, expected, what);
        }
    }

    /**
     * @param actual a measured number
     * @param expected what it should be
     * @param tolerance how far off it may be
     * @param what the message when it is further off
     */
    void Near(double actual, double expected, double tolerance, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ_TOL(actual, expected, tolerance, what);
    }

    /**
     * @param name name of a file or folder
     * @return its path in a folder of this run of the tests
     */
    std::string MakeTempName(const std::string& name)
    {
        return CreateTempDirFilename(name);
    }

  private:
    void DoRun() override
    {
        m_body(*this);
    }

    std::function<void(FunctionTestCase&)> m_body; //!< what to do
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_FUNCTION_TEST_CASE_H */
