/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RESOURCE_FIXTURE_H
#define AZURE_RESOURCE_FIXTURE_H

#include "ns3/azure-resource-importer.h"
#include "ns3/test.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{
namespace test
{

/**
 * @param text any text
 * @return it without the characters that a test name may not have
 */
inline std::string
TestName(std::string text)
{
    std::replace_if(
        text.begin(),
        text.end(),
        [](char c) { return std::string("\"/\\|?'").find(c) != std::string::npos; },
        '_');
    return text;
}

/**
 * @param members members of a template, for example `"resources": []`
 * @return the template
 */
inline std::string
Template(const std::string& members)
{
    return R"({"$schema":"https://x/2019-04-01/deploymentTemplate.json#","contentVersion":"1",)" +
           members + "}";
}

/** A template gives exactly these outputs. */
class OutputTestCase : public TestCase
{
  public:
    /**
     * @param name name of the case
     * @param text the template
     * @param outputs value of every output, in order, as JSON text
     * @param parameters the parameter file; empty: none
     */
    OutputTestCase(const std::string& name,
                   const std::string& text,
                   const std::vector<std::string>& outputs,
                   const std::string& parameters = "")
        : TestCase(TestName(name)),
          m_text(text),
          m_outputs(outputs),
          m_parameters(parameters)
    {
    }

  private:
    void DoRun() override
    {
        const auto deployment = ResourceImporter().Import(m_text, m_parameters);
        for (const auto& error : deployment.errors)
        {
            NS_TEST_EXPECT_MSG_EQ(error.ToText(), "", "no error expected");
        }
        NS_TEST_ASSERT_MSG_EQ(deployment.outputs.size(), m_outputs.size(), "outputs");
        for (std::size_t i = 0; i < m_outputs.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(deployment.outputs[i].json, m_outputs[i], "output " << i);
        }
    }

    std::string m_text;                 //!< the template
    std::vector<std::string> m_outputs; //!< expected values
    std::string m_parameters;           //!< the parameter file
};

/** A bad input gives exactly these errors. */
class BadInputTestCase : public TestCase
{
  public:
    /// JSON path and message, in order.
    using Errors = std::vector<std::pair<std::string, std::string>>;

    /**
     * @param name name of the case
     * @param text template or resource
     * @param errors path and message of every error
     * @param parameters the parameter file; empty: none
     */
    BadInputTestCase(const std::string& name,
                     const std::string& text,
                     const Errors& errors,
                     const std::string& parameters = "")
        : TestCase(TestName(name)),
          m_text(text),
          m_errors(errors),
          m_parameters(parameters)
    {
    }

  private:
    void DoRun() override
    {
        const auto found = ResourceImporter().Import(m_text, m_parameters).errors;
        for (std::size_t i = 0; i < std::min(found.size(), m_errors.size()); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(found[i].path, m_errors[i].first, found[i].message);
            NS_TEST_EXPECT_MSG_EQ(found[i].message, m_errors[i].second, "message");
        }
        for (std::size_t i = m_errors.size(); i < found.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(found[i].ToText(), "", "error too many");
        }
        NS_TEST_EXPECT_MSG_EQ(found.size(), m_errors.size(), "errors");
    }

    std::string m_text;       //!< template or resource
    Errors m_errors;          //!< expected errors
    std::string m_parameters; //!< the parameter file
};

} // namespace test
} // namespace azure
} // namespace ns3

#endif /* AZURE_RESOURCE_FIXTURE_H */
