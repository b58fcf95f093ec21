/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/azure-scenario-reader.h"
#include "ns3/test.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** A scenario that is wrong, and the error that must come of it. */
struct BadScenario
{
    std::string name;    //!< what is wrong
    std::string text;    //!< the scenario
    std::string path;    //!< path of the error
    std::string message; //!< part of the message
};

/**
 * @param text a text
 * @param count how often
 * @return the text so many times
 */
std::string
Repeat(const std::string& text, int count)
{
    std::string result;
    for (int i = 0; i < count; ++i)
    {
        result += text;
    }
    return result;
}

/** A wrong scenario gives one error with its path and reason. */
class BadScenarioTestCase : public TestCase
{
  public:
    /** @param bad the scenario */
    explicit BadScenarioTestCase(BadScenario bad)
        : TestCase("A scenario is refused: " + bad.name),
          m_bad(std::move(bad))
    {
    }

  private:
    void DoRun() override
    {
        const auto result = ScenarioReader::Parse(m_bad.text, "x.json");
        NS_TEST_ASSERT_MSG_EQ(result.errors.size(), 1, "one error is expected");
        const auto& error = result.errors.front();
        NS_TEST_EXPECT_MSG_EQ(error.path, m_bad.path, "path of the error");
        NS_TEST_EXPECT_MSG_NE(error.message.find(m_bad.message),
                              std::string::npos,
                              "the message is: " << error.message);
    }

    BadScenario m_bad; //!< the scenario
};

/** An empty object is a scenario in which everything is left to the defaults. */
class EmptyScenarioTestCase : public TestCase
{
  public:
    EmptyScenarioTestCase()
        : TestCase("What a scenario leaves out stays unset")
    {
    }

  private:
    void DoRun() override
    {
        const auto unset = ScenarioReader::Parse("{}");
        NS_TEST_ASSERT_MSG_EQ(unset.errors.size(), 0, "nothing is required");
        NS_TEST_EXPECT_MSG_EQ(unset.scenario.clients.has_value(), false, "default clients");
        NS_TEST_EXPECT_MSG_EQ(unset.scenario.faults.has_value(), false, "default fault");
        NS_TEST_EXPECT_MSG_EQ(unset.scenario.duration.has_value(), false, "default duration");
        NS_TEST_EXPECT_MSG_EQ(unset.scenario.seed, 1, "default seed");
        NS_TEST_EXPECT_MSG_EQ(unset.scenario.templateFile, "", "built-in deployment");

        const auto none = ScenarioReader::Parse(R"({"clients": [], "faults": []})");
        NS_TEST_ASSERT_MSG_EQ(none.errors.size(), 0, "empty lists are allowed");
        NS_TEST_ASSERT_MSG_EQ(none.scenario.clients.has_value(), true, "no clients is a choice");
        NS_TEST_ASSERT_MSG_EQ(none.scenario.faults.has_value(), true, "no fault is a choice");
        NS_TEST_EXPECT_MSG_EQ(none.scenario.faults->empty(), true, "and there is none");
    }
};

/** Every key reaches its field. */
class FullScenarioTestCase : public TestCase
{
  public:
    FullScenarioTestCase()
        : TestCase("Every key of a scenario reaches its field")
    {
    }

  private:
    void DoRun() override
    {
        const auto result = ScenarioReader::Parse(R"({
            "$schema": "scenario.schema.json",
            "description": "all keys",
            "deployment": {"template": "t.json", "parameters": "/abs/p.json"},
            "duration": 120.5, "seed": 7, "run": 3, "runs": 20,
            "clients": [{"name": "web", "count": 3, "targets": ["lb/rule", "20.0.0.4:80"],
                         "load": "closed", "rate": 2.5, "users": 4, "thinkTime": 0.25,
                         "keepAlive": true, "connectTimeout": 1.5, "requestTimeout": 2,
                         "requestSize": 10, "responseSize": 20, "start": 5, "stop": 100}],
            "faults": [{"kind": "slow", "target": "vm-1", "start": 30, "phase": "random",
                        "duration": 15, "delay": 4, "port": 80},
                       {"kind": "status", "status": 500}, {"kind": "loss", "loss": 0.5}],
            "measurement": {"requests": false, "probes": false, "flowMonitor": false,
                            "pcap": true}})",
                                                  "dir/s.json");
        NS_TEST_ASSERT_MSG_EQ(result.errors.size(), 0, "the scenario is right");
        const auto& scenario = result.scenario;
        NS_TEST_EXPECT_MSG_EQ(scenario.templateFile, "dir/t.json", "relative to the scenario");
        NS_TEST_EXPECT_MSG_EQ(scenario.parametersFile, "/abs/p.json", "absolute");
        NS_TEST_EXPECT_MSG_EQ(*scenario.duration, Seconds(120.5), "duration");
        NS_TEST_EXPECT_MSG_EQ(scenario.seed, 7, "seed");
        NS_TEST_EXPECT_MSG_EQ(scenario.run, 3, "run");
        NS_TEST_EXPECT_MSG_EQ(scenario.runs, 20, "runs");
        NS_TEST_ASSERT_MSG_EQ(scenario.clients->size(), 1, "groups");
        const auto& clients = scenario.clients->front();
        NS_TEST_EXPECT_MSG_EQ(clients.name, "web", "name");
        NS_TEST_EXPECT_MSG_EQ(clients.count, 3, "count");
        NS_TEST_ASSERT_MSG_EQ(clients.targets.size(), 2, "targets");
        NS_TEST_EXPECT_MSG_EQ(clients.targets[1], "20.0.0.4:80", "target");
        NS_TEST_EXPECT_MSG_EQ((clients.load == LoadModel::Closed), true, "load");
        NS_TEST_EXPECT_MSG_EQ(clients.rate, 2.5, "rate");
        NS_TEST_EXPECT_MSG_EQ(clients.users, 4, "users");
        NS_TEST_EXPECT_MSG_EQ(clients.thinkTime, MilliSeconds(250), "thinkTime");
        NS_TEST_EXPECT_MSG_EQ(clients.keepAlive, true, "keepAlive");
        NS_TEST_EXPECT_MSG_EQ(clients.connectTimeout, MilliSeconds(1500), "connectTimeout");
        NS_TEST_EXPECT_MSG_EQ(clients.requestTimeout, Seconds(2), "requestTimeout");
        NS_TEST_EXPECT_MSG_EQ(clients.requestSize, 10, "requestSize");
        NS_TEST_EXPECT_MSG_EQ(clients.responseSize, 20, "responseSize");
        NS_TEST_EXPECT_MSG_EQ(*clients.start, Seconds(5), "start");
        NS_TEST_EXPECT_MSG_EQ(*clients.stop, Seconds(100), "stop");
        NS_TEST_ASSERT_MSG_EQ(scenario.faults->size(), 3, "faults");
        const auto& slow = scenario.faults->at(0);
        NS_TEST_EXPECT_MSG_EQ(azure::GetName(slow.kind), "slow", "kind");
        NS_TEST_EXPECT_MSG_EQ(slow.target, "vm-1", "target");
        NS_TEST_EXPECT_MSG_EQ(*slow.start, Seconds(30), "start");
        NS_TEST_EXPECT_MSG_EQ((slow.phase == FaultPhase::Random), true, "phase");
        NS_TEST_EXPECT_MSG_EQ(*slow.duration, Seconds(15), "duration");
        NS_TEST_EXPECT_MSG_EQ(slow.delay, Seconds(4), "delay");
        NS_TEST_EXPECT_MSG_EQ(slow.port, 80, "port");
        NS_TEST_EXPECT_MSG_EQ(scenario.faults->at(1).status, 500, "status");
        NS_TEST_EXPECT_MSG_EQ(scenario.faults->at(2).loss, 0.5, "loss");
        NS_TEST_EXPECT_MSG_EQ(scenario.measurement.requests, false, "requests");
        NS_TEST_EXPECT_MSG_EQ(scenario.measurement.probes, false, "probes");
        NS_TEST_EXPECT_MSG_EQ(scenario.measurement.flowMonitor, false, "flowMonitor");
        NS_TEST_EXPECT_MSG_EQ(scenario.measurement.pcap, true, "pcap");
    }
};

/** A whole number may be written as a fraction, and comments are allowed. */
class LenientTestCase : public TestCase
{
  public:
    LenientTestCase()
        : TestCase("2.0 is a whole number, and comments are allowed")
    {
    }

  private:
    void DoRun() override
    {
        const auto result =
            ScenarioReader::Parse("{\"runs\": 2.0, /* all */ \"seed\": 1e1} // end");
        NS_TEST_ASSERT_MSG_EQ(result.errors.size(), 0, "the scenario is right");
        NS_TEST_EXPECT_MSG_EQ(result.scenario.runs, 2, "runs");
        NS_TEST_EXPECT_MSG_EQ(result.scenario.seed, 10, "seed");
    }
};

/** Every name of a kind of fault and of a load model is read as that one. */
class NamesTestCase : public TestCase
{
  public:
    NamesTestCase()
        : TestCase("Every kind of fault and load model can be named")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::string> kinds{"crash",
                                             "hang",
                                             "portClosed",
                                             "slow",
                                             "status",
                                             "linkCut",
                                             "loss",
                                             "probeBlocked",
                                             "healthPlane"};
        NS_TEST_ASSERT_MSG_EQ((GetFaultKindNames() == kinds), true, "names of the kinds");
        for (std::size_t i = 0; i < kinds.size(); ++i)
        {
            const auto result =
                ScenarioReader::Parse(R"({"faults": [{"kind": ")" + kinds[i] + R"("}]})");
            NS_TEST_ASSERT_MSG_EQ(result.errors.size(), 0, kinds[i]);
            NS_TEST_EXPECT_MSG_EQ(static_cast<std::size_t>(result.scenario.faults->front().kind),
                                  i,
                                  kinds[i]);
        }
        NS_TEST_EXPECT_MSG_EQ(azure::GetName(LoadModel::Paced), "paced", "name of a load model");
    }
};

/** Cut short or with changed bytes, a scenario never does worse than give an error. */
class MutationTestCase : public TestCase
{
  public:
    MutationTestCase()
        : TestCase("No damage to a scenario does worse than an error")
    {
    }

  private:
    void DoRun() override
    {
        const std::string text =
            R"({"duration": 90, "clients": [{"count": 2, "rate": 1e1, "targets": ["a"]}],)"
            R"( "faults": [{"kind": "crash", "start": 20}]})";
        std::size_t refused = 0;
        for (std::size_t i = 0; i < text.size(); ++i)
        {
            refused += ScenarioReader::Parse(text.substr(0, i)).errors.empty() ? 0 : 1;
        }
        NS_TEST_EXPECT_MSG_EQ(refused, text.size(), "every part of the text is refused");
        std::size_t changed = 0;
        for (std::size_t i = 0; i < text.size(); ++i)
        {
            for (const char c : {'\0', '-', '9', '{', ']', '"', '\xff'})
            {
                auto damaged = text;
                damaged[i] = c;
                for (const auto& error : ScenarioReader::Parse(damaged).errors)
                {
                    ++changed;
                    const bool plain =
                        std::all_of(error.path.begin(), error.path.end(), [](unsigned char b) {
                            return b >= 0x20 && b < 0x7f;
                        });
                    NS_TEST_EXPECT_MSG_EQ(plain, true, "no control characters in the path");
                }
            }
        }
        NS_TEST_EXPECT_MSG_GT(changed, text.size(), "most damage is noticed");
        const std::string deep = std::string(100000, '[') + std::string(100000, ']');
        NS_TEST_EXPECT_MSG_EQ(ScenarioReader::Parse(deep).errors.size(), 1, "too deep");
    }
};

/** Files are read, and one that is not there is an error. */
class FileTestCase : public TestCase
{
  public:
    FileTestCase()
        : TestCase("A scenario is read from a file")
    {
    }

  private:
    void DoRun() override
    {
        const auto name = CreateTempDirFilename("scenario.json");
        std::ofstream(name) << R"({"seed": 4, "deployment": {"template": "t.json"}})";
        const auto result = ScenarioReader::ReadFile(name);
        NS_TEST_ASSERT_MSG_EQ(result.errors.size(), 0, "the file is right");
        NS_TEST_EXPECT_MSG_EQ(result.scenario.seed, 4, "its content");
        NS_TEST_EXPECT_MSG_EQ(result.scenario.file, name, "its name");
        NS_TEST_EXPECT_MSG_EQ(result.scenario.templateFile,
                              CreateTempDirFilename("t.json"),
                              "beside the scenario");
        std::remove(name.c_str());
        const auto missing = ScenarioReader::ReadFile(name);
        NS_TEST_ASSERT_MSG_EQ(missing.errors.size(), 1, "no file");
        NS_TEST_EXPECT_MSG_EQ(missing.errors[0].path, "$", "the file as a whole");
    }
};

/** The scenario and its reader. */
class ScenarioTestSuite : public TestSuite
{
  public:
    ScenarioTestSuite()
        : TestSuite("azure-scenario", Type::UNIT)
    {
        const std::vector<BadScenario> all{
            {"no JSON", "{", "$", "malformed JSON at line 1, column 2"},
            {"no object", "[]", "$", "must be an object, not an array"},
            {"negative duration", R"({"duration": -1})", "duration", "must not be negative"},
            {"no duration", R"({"duration": 0})", "duration", "above 0"},
            {"endless duration", R"({"duration": 1e300})", "duration", "not a time"},
            {"text for a number", R"({"duration": "90"})", "duration", "a number, not a string"},
            {"fraction for a whole number",
             R"({"seed": 1.5})",
             "seed",
             "a whole number, not a fraction"},
            {"seed zero", R"({"seed": 0})", "seed", "between 1"},
            {"seed too large", R"({"seed": 4294967296})", "seed", "between 1"},
            {"seed that the generator refuses", R"({"seed": 4294944443})", "seed", "between 1"},
            {"number beyond all numbers",
             R"({"duration": 1e999})",
             "$",
             "a number is out of range"},
            {"not a number", R"({"duration": NaN})", "$", "malformed JSON at line 1, column 14"},
            {"integer beyond all integers",
             R"({"seed": 123456789012345678901234567890})",
             "seed",
             "between 1"},
            {"member that occurs twice",
             R"({"faults": [{"kind": "crash", "kind": "hang"}]})",
             "$",
             "kind occurs twice"},
            {"key in another case", R"({"Duration": 1})", "'Duration'", "did you mean 'duration'?"},
            {"null for a number", R"({"duration": null})", "duration", "a number, not null"},
            {"truth for a number", R"({"runs": true})", "runs", "a whole number, not a boolean"},
            {"template of no name",
             R"({"deployment": {"template": ""}})",
             "deployment.template",
             "must not be empty"},
            {"too many faults",
             R"({"faults": [{"kind": "hang"})" + Repeat(R"(, {"kind": "hang"})", 1000) + "]}",
             "faults",
             "must not be more than 1000"},
            {"too many groups",
             R"({"clients": [{})" + Repeat(", {}", 1000) + "]}",
             "clients",
             "must not be more than 1000 groups"},
            {"unknown key", R"({"duratoin": 1})", "'duratoin'", "did you mean 'duration'?"},
            {"unknown key, nothing near", R"({"q": 1})", "'q'", "known: "},
            {"unknown key in a group",
             R"({"clients": [{}, {"name": "b", "cuont": 1}]})",
             "clients[1].'cuont'",
             "did you mean 'count'?"},
            {"clients no list", R"({"clients": {}})", "clients", "must be a list"},
            {"no client", R"({"clients": [{"count": 0}]})", "clients[0].count", "between 1"},
            {"rate zero", R"({"clients": [{"rate": 0}]})", "clients[0].rate", "above 0"},
            {"two groups of one name",
             R"({"clients": [{"name": "a"}, {"name": "a"}]})",
             "clients[1].name",
             "another group"},
            {"target no text",
             R"({"clients": [{"targets": ["a", 1]}]})",
             "clients[0].targets[1]",
             "must be a text"},
            {"unknown load",
             R"({"clients": [{"load": "poison"}]})",
             "clients[0].load",
             "'poisson'"},
            {"stop before start",
             R"({"clients": [{"start": 5, "stop": 4}]})",
             "clients[0].stop",
             "after the start"},
            {"clients after the end",
             R"({"duration": 9, "clients": [{"start": 10}]})",
             "clients[0].start",
             "after the end"},
            {"fault without kind", R"({"faults": [{}]})", "faults[0].kind", "is missing"},
            {"unknown fault",
             R"({"faults": [{"kind": "crahs"}]})",
             "faults[0].kind",
             "did you mean 'crash'?"},
            {"negative time of a fault",
             R"({"faults": [{"kind": "crash", "start": -3}]})",
             "faults[0].start",
             "must not be negative"},
            {"fault after the end",
             R"({"duration": 10, "faults": [{"kind": "crash", "start": 10}]})",
             "faults[0].start",
             "after the end"},
            {"fault of no duration",
             R"({"faults": [{"kind": "crash", "duration": 0}]})",
             "faults[0].duration",
             "above 0"},
            {"status of a crash",
             R"({"faults": [{"kind": "crash", "status": 500}]})",
             "faults[0].status",
             "has no meaning"},
            {"impossible status",
             R"({"faults": [{"kind": "status", "status": 99}]})",
             "faults[0].status",
             "between 400 and 599"},
            {"status of no error",
             R"({"faults": [{"kind": "status", "status": 301}]})",
             "faults[0].status",
             "between 400 and 599"},
            {"target of no name",
             R"({"faults": [{"kind": "crash", "target": ""}]})",
             "faults[0].target",
             "must not be empty"},
            {"name that would steer a terminal",
             R"({"clients": [{"name": "\u001b[2J"}, {"name": "\u001b[2J"}]})",
             "clients[1].name",
             "has the name '\\x1b[2J'"},
            {"loss above all",
             R"({"faults": [{"kind": "loss", "loss": 1.1}]})",
             "faults[0].loss",
             "above 0, up to 1"},
            {"unknown measurement",
             R"({"measurement": {"pcaps": true}})",
             "measurement.'pcaps'",
             "did you mean 'pcap'?"},
            {"flag as number", R"({"measurement": {"pcap": 1}})", "measurement.pcap", "true or"},
            {"parameters without template",
             R"({"deployment": {"parameters": "p.json"}})",
             "deployment.parameters",
             "needs a template"},
        };
        for (const auto& bad : all)
        {
            AddTestCase(new BadScenarioTestCase(bad), Duration::QUICK);
        }
        AddTestCase(new EmptyScenarioTestCase, Duration::QUICK);
        AddTestCase(new FullScenarioTestCase, Duration::QUICK);
        AddTestCase(new LenientTestCase, Duration::QUICK);
        AddTestCase(new NamesTestCase, Duration::QUICK);
        AddTestCase(new MutationTestCase, Duration::QUICK);
        AddTestCase(new FileTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
ScenarioTestSuite g_scenarioTestSuite;

} // namespace
