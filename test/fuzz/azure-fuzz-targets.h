/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_FUZZ_TARGETS_H
#define AZURE_FUZZ_TARGETS_H

#include <string>

namespace ns3
{
namespace azure
{
namespace test
{

/**
 * @brief What must hold for every input of a reader, whatever it is.
 *
 * The libFuzzer harnesses and the test suite call the same functions. Each returns what is wrong
 * with the reader; empty: nothing.
 */
struct FuzzTargets
{
    /**
     * @brief An expression gives a value or one error. The value, written as JSON and read again,
     *        is the same; a second evaluation gives it again.
     * @param text an expression, without the brackets around it
     * @return what is wrong
     */
    static std::string Expression(const std::string& text);

    /**
     * @brief A template or resource gives a configuration that can run, or errors with a printable
     *        reason; a second import gives the same.
     * @param text the input; what follows the first line "----" is the parameter file
     * @return what is wrong
     */
    static std::string Import(const std::string& text);

    /**
     * @brief A scenario is read or refused with printable reasons; the same the second time.
     * @param text the scenario file
     * @return what is wrong
     */
    static std::string Scenario(const std::string& text);

    /**
     * @brief The head of a request gets from an application gateway an answer of its own or a
     *        request for a member that can be written and read again; the same the second time.
     * @param text the first line holds a host name, a path pattern and a template of a value for
     *        the configuration, with spaces between; the head of a request follows
     * @return what is wrong
     */
    static std::string Gateway(const std::string& text);
};

} // namespace test
} // namespace azure
} // namespace ns3

#endif /* AZURE_FUZZ_TARGETS_H */
