/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-scenario-reader.h"
#include "ns3/test.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param text a scenario, with `'` for `"`
 * @return its errors as `path: message`, with `; ` between
 */
std::string
Read(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    std::string errors;
    for (const auto& error : ScenarioReader::Parse(text, "s.json").errors)
    {
        errors += (errors.empty() ? "" : "; ") + error.path + ": " + error.message;
    }
    return errors;
}

/** A number that a scenario holds, and the values that it may have. */
struct Bounds
{
    std::string path;              //!< its path, for the message
    std::string before;            //!< the scenario up to the number
    std::string after;             //!< the rest of it
    std::vector<std::string> good; //!< values that are taken
    std::vector<std::string> bad;  //!< values that are not
    std::string message;           //!< what is said of those
};

/// The members of a scenario by the section that they belong to.
const std::map<std::string, std::vector<std::string>> g_keys{
    {"",
     {"$schema",
      "description",
      "deployment",
      "duration",
      "seed",
      "run",
      "runs",
      "clients",
      "faults",
      "trafficManager",
      "measurement"}},
    {"deployment", {"template", "parameters"}},
    {"clients[0]",
     {"name",
      "count",
      "targets",
      "load",
      "rate",
      "users",
      "thinkTime",
      "keepAlive",
      "connectTimeout",
      "requestTimeout",
      "requestSize",
      "responseSize",
      "region",
      "resolver",
      "hostCache",
      "start",
      "stop"}},
    {"faults[0]",
     {"kind", "target", "start", "phase", "duration", "delay", "status", "loss", "port"}},
    {"measurement", {"requests", "probes", "dns", "flowMonitor", "pcap"}}};

/**
 * @param section path of a section
 * @param members its members
 * @return a scenario with that section and nothing else
 */
std::string
Wrap(const std::string& section, const std::string& members)
{
    if (section.empty())
    {
        return "{" + members + "}";
    }
    if (section == "clients[0]")
    {
        return "{'clients': [{" + members + "}]}";
    }
    if (section == "faults[0]")
    {
        const bool hasKind = members.find("'kind'") != std::string::npos;
        return "{'faults': [{" + members + (hasKind ? "" : ", 'kind': 'crash'") + "}]}";
    }
    return "{'" + section + "': {" + members + "}}";
}

/** Bounds of the numbers of a scenario, types of its members, and words that are nearly right. */
class ScenarioBoundsTestSuite : public TestSuite
{
  public:
    ScenarioBoundsTestSuite()
        : TestSuite("azure-scenario-bounds", Type::UNIT)
    {
        AddBounds();
        Add("A member of the wrong type is refused wherever it stands", CheckTypes);
        Add("A slip of the pen is answered with the word that was meant", CheckSlips);
        Add("What only some faults have is refused for the others", CheckMeaning);
        Add("Every error of a scenario is told, in the order of the file", CheckOrder);
        AddCode();
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, std::function<void(FunctionTestCase&)> body)
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }

    /** @brief The least and the most of each number. */
    void AddBounds()
    {
        const std::string group = "{'clients': [{'";
        const std::string fault = "{'faults': [{'kind': '";
        const auto between = [](const std::string& low, const std::string& high) {
            return "must be between " + low + " and " + high;
        };
        const std::string negative = "must not be negative";
        const std::string year = "must not be longer than a year";
        const std::string zero = "must be above 0";
        const std::string beyond = "is not a time in seconds that can be simulated";
        const std::vector<Bounds> all{
            {"seed",
             "{'seed': ",
             "}",
             {"1", "4294944442"},
             {"0", "-1", "4294944443"},
             between("1", "4294944442")},
            {"run",
             "{'run': ",
             "}",
             {"1", "4294967295"},
             {"0", "4294967296"},
             between("1", "4294967295")},
            {"runs",
             "{'runs': ",
             "}",
             {"1", "100000", "1e5"},
             {"0", "100001"},
             between("1", "100000")},
            {"duration", "{'duration': ", "}", {"1e-9", "31622400"}, {"31622400.001", "1e9"}, year},
            {"duration", "{'duration': ", "}", {}, {"-1e-9", "-1e9"}, negative},
            {"duration", "{'duration': ", "}", {}, {"0", "0.0", "-0.0", "1e-10"}, zero},
            {"duration", "{'duration': ", "}", {}, {"1000000001", "-1000000001", "1e300"}, beyond},
            {"clients[0].count",
             group + "count': ",
             "}]}",
             {"1", "10000"},
             {"0", "10001"},
             between("1", "10000")},
            {"clients[0].users",
             group + "users': ",
             "}]}",
             {"1", "10000"},
             {"0", "10001"},
             between("1", "10000")},
            {"clients[0].rate",
             group + "rate': ",
             "}]}",
             {"1e-300", "1000000", "0.5"},
             {"0", "-1", "1000000.1", "1e300"},
             "must be above 0, up to 1000000 requests per second"},
            {"clients[0].thinkTime",
             group + "thinkTime': ",
             "}]}",
             {"0", "31622400"},
             {"31622401"},
             year},
            {"clients[0].connectTimeout",
             group + "connectTimeout': ",
             "}]}",
             {"0.000000001"},
             {"0"},
             zero},
            {"clients[0].requestTimeout",
             group + "requestTimeout': ",
             "}]}",
             {"0.000000001"},
             {"0"},
             zero},
            {"clients[0].requestSize",
             group + "requestSize': ",
             "}]}",
             {"0", "1000000000"},
             {"-1", "1000000001"},
             between("0", "1000000000")},
            {"clients[0].responseSize",
             group + "responseSize': ",
             "}]}",
             {"0", "1000000000"},
             {"-1", "1000000001"},
             between("0", "1000000000")},
            {"clients[0].start",
             "{'duration': 10, 'clients': [{'start': ",
             "}]}",
             {"0", "9.999999999"},
             {"10", "11"},
             "comes after the end of the simulation, 10 s"},
            {"clients[0].stop",
             group + "start': 5, 'stop': ",
             "}]}",
             {"5.000000001"},
             {"5", "4"},
             "must come after the start"},
            {"clients[0].stop",
             group + "stop': ",
             "}]}",
             {"0.000000001"},
             {"0"},
             "must come after the start"},
            {"faults[0].start",
             "{'duration': 10, 'faults': [{'kind': 'hang', 'start': ",
             "}]}",
             {"0", "9.999999999"},
             {"10", "11"},
             "comes after the end of the simulation, 10 s"},
            {"faults[0].duration",
             fault + "crash', 'duration': ",
             "}]}",
             {"0.000000001"},
             {"0"},
             zero},
            {"faults[0].delay",
             fault + "slow', 'delay': ",
             "}]}",
             {"0", "31622400"},
             {"31622401"},
             year},
            {"faults[0].status",
             fault + "status', 'status': ",
             "}]}",
             {"400", "599"},
             {"399", "600", "-503"},
             between("400", "599")},
            {"faults[0].loss",
             fault + "loss', 'loss': ",
             "}]}",
             {"1", "1e-9"},
             {"0", "1.000001", "-0.5"},
             "must be above 0, up to 1"},
            {"faults[0].port",
             fault + "hang', 'port': ",
             "}]}",
             {"1", "65535"},
             {"0", "65536", "-1"},
             between("1", "65535")}};
        for (const auto& bounds : all)
        {
            Add("Bounds of " + bounds.path + ": " + bounds.message,
                [bounds](FunctionTestCase& test) {
                    for (const auto& value : bounds.good)
                    {
                        test.Equal(Read(bounds.before + value + bounds.after), "", value);
                    }
                    for (const auto& value : bounds.bad)
                    {
                        test.Equal(Read(bounds.before + value + bounds.after),
                                   bounds.path + ": " + bounds.message,
                                   value);
                    }
                });
        }
    }

    /** @param test takes the failures */
    static void CheckTypes(FunctionTestCase& test)
    {
        const std::map<std::string, std::string> values{{"null", "null"},
                                                        {"true", "a boolean"},
                                                        {"7", "an integer"},
                                                        {"'x'", "a string"},
                                                        {"[]", "an array"},
                                                        {"{}", "an object"}};
        const std::map<std::string, std::vector<std::string>> wanted{
            {"a text",
             {"$schema",
              "description",
              "template",
              "parameters",
              "name",
              "load",
              "kind",
              "target",
              "phase",
              "region"}},
            {"a whole number",
             {"seed", "run", "runs", "count", "users", "requestSize", "responseSize"}},
            {"a number",
             {"duration",
              "rate",
              "thinkTime",
              "connectTimeout",
              "requestTimeout",
              "start",
              "stop"}},
            {"true or false", {"keepAlive", "requests", "probes", "dns", "flowMonitor", "pcap"}},
            {"a list", {"clients", "faults", "targets"}},
            {"an object",
             {"deployment", "measurement", "trafficManager", "resolver", "hostCache"}}};
        const std::map<std::string, std::string> right{{"a text", "a string"},
                                                       {"a whole number", "an integer"},
                                                       {"a number", "an integer"},
                                                       {"true or false", "a boolean"},
                                                       {"a list", "an array"},
                                                       {"an object", "an object"}};
        int checked = 0;
        for (const auto& [section, keys] : g_keys)
        {
            for (const auto& [what, members] : wanted)
            {
                for (const auto& key : keys)
                {
                    if (std::find(members.begin(), members.end(), key) == members.end())
                    {
                        continue;
                    }
                    for (const auto& [value, type] : values)
                    {
                        if (type == right.at(what))
                        {
                            continue;
                        }
                        const auto path = section.empty() ? key : section + "." + key;
                        const auto errors = Read(Wrap(section, "'" + key + "': " + value));
                        // Alone, parameters lack a template, too.
                        const std::string more =
                            key == "parameters" ? "; deployment.parameters: needs a template" : "";
                        test.Equal(errors,
                                   path + ": must be " + what + ", not " + type + more,
                                   value);
                        ++checked;
                    }
                }
            }
        }
        test.Equal(checked, 40 * 5, "keys and types");
    }

    /** @param test takes the failures */
    static void CheckSlips(FunctionTestCase& test)
    {
        std::mt19937 random(1);
        for (const auto& [section, keys] : g_keys)
        {
            for (const auto& key : keys)
            {
                for (int i = 0; i < 20; ++i)
                {
                    auto slip = key;
                    const auto at = random() % slip.size();
                    switch (random() % 3)
                    {
                    case 0:
                        slip.erase(at, 1);
                        break;
                    case 1:
                        slip.insert(at, 1, 'x');
                        break;
                    default:
                        slip[at] = 'x';
                    }
                    // `run` and `runs` are one letter from one another.
                    if (std::find(keys.begin(), keys.end(), slip) != keys.end() ||
                        key.substr(0, 3) == "run")
                    {
                        continue;
                    }
                    const auto path = (section.empty() ? "" : section + ".") + "'" + slip + "'";
                    test.Equal(Read(Wrap(section, "'" + slip + "': 1"))
                                   .find(path + ": unknown key; did you mean '" + key + "'?"),
                               0,
                               slip + " for " + key);
                }
            }
        }
        for (const auto& [words, before] :
             {std::pair{GetFaultKindNames(), "{'faults': [{'kind': '"},
              {GetLoadModelNames(), "{'clients': [{'load': '"}})
        {
            std::string all;
            for (const auto& word : words)
            {
                all += (all.empty() ? "" : ", ") + word;
                const auto shouted =
                    Read(before + std::string(1, std::toupper(word[0])) + word.substr(1) + "'}]}");
                test.Check(shouted.find("did you mean '" + word + "'?") != std::string::npos,
                           "case: " + shouted);
            }
            const auto far = Read(before + std::string("zzzzzzzzzzzzzzzzzzzz'}]}"));
            test.Check(far.find("unknown value 'zzzzzzzzzzzzzzzzzzzz'; known: " + all) !=
                           std::string::npos,
                       "nothing near: " + far);
            const auto longer = Read(before + std::string(41, 'y') + "'}]}");
            test.Check(longer.find("'" + std::string(40, 'y') + "...'") != std::string::npos,
                       "cut: " + longer);
        }
    }

    /** @param test takes the failures */
    static void CheckMeaning(FunctionTestCase& test)
    {
        const std::map<std::string, std::pair<std::string, std::vector<std::string>>> members{
            {"delay", {"2", {"slow"}}},
            {"status", {"500", {"status"}}},
            {"loss", {"0.5", {"loss"}}},
            {"port", {"80", {"hang", "portClosed", "slow", "status"}}}};
        for (const auto& kind : GetFaultKindNames())
        {
            for (const auto& [key, pair] : members)
            {
                const auto& [value, kinds] = pair;
                const auto errors =
                    Read("{'faults': [{'kind': '" + kind + "', '" + key + "': " + value + "}]}");
                const bool has = std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
                test.Equal(errors,
                           has ? ""
                               : "faults[0]." + key + ": has no meaning for a fault of kind '" +
                                     kind + "'",
                           key + " of " + kind);
            }
        }
    }

    /** @param test takes the failures */
    static void CheckOrder(FunctionTestCase& test)
    {
        test.Equal(Read("{'x': 1, 'seed': 0, 'clients': [{'count': 0}, 7, {'rate': 'y'}],"
                        " 'faults': [[], {'kind': 'crash', 'start': -1}], 'duration': -1,"
                        " 'measurement': 3}"),
                   "duration: must not be negative; "
                   "seed: must be between 1 and 4294944442; "
                   "clients[0].count: must be between 1 and 10000; "
                   "clients[1]: must be an object, not an integer; "
                   "clients[2].rate: must be a number, not a string; "
                   "faults[0]: must be an object, not an array; "
                   "faults[1].start: must not be negative; "
                   "measurement: must be an object, not an integer; "
                   "'x': unknown key; known: $schema, description, deployment, duration, seed, "
                   "run, runs, clients, faults, trafficManager, measurement",
                   "all errors");
    }

    /** @brief Scenarios that no file can hold. */
    void AddCode()
    {
        const auto add = [this](const std::string& name,
                                const std::function<void(Scenario&)>& change,
                                const std::string& expected) {
            Add("A scenario made in code is refused: " + name,
                [change, expected](FunctionTestCase& test) {
                    Scenario scenario;
                    scenario.clients.emplace(2);
                    scenario.clients->at(0).name = "other";
                    scenario.faults.emplace(2);
                    test.Equal(scenario.Validate().size(), 0, "right so far");
                    change(scenario);
                    const auto errors = scenario.Validate();
                    test.Equal(errors.size(), 1, "errors");
                    test.Equal(errors.empty() ? "" : errors[0].path + ": " + errors[0].message,
                               expected,
                               "the error");
                });
        };
        const std::string rate = "clients[1].rate: must be above 0, up to 1000000 requests per "
                                 "second";
        add(
            "a rate that is no number",
            [](auto& s) { s.clients->at(1).rate = std::nan(""); },
            rate);
        add(
            "an endless rate",
            [](auto& s) { s.clients->at(1).rate = std::numeric_limits<double>::infinity(); },
            rate);
        add(
            "a loss that is no number",
            [](auto& s) { s.faults->at(1).loss = std::nan(""); },
            "faults[1].loss: must be above 0, up to 1");
        add(
            "no name",
            [](auto& s) { s.clients->at(0).name = ""; },
            "clients[0].name: must not be empty");
        add(
            "a negative pause",
            [](auto& s) { s.clients->at(0).thinkTime = NanoSeconds(-1); },
            "clients[0].thinkTime: must not be negative");
        add(
            "a negative delay",
            [](auto& s) { s.faults->at(0).delay = NanoSeconds(-1); },
            "faults[0].delay: must not be negative");
        add(
            "a good status",
            [](auto& s) { s.faults->at(0).status = 200; },
            "faults[0].status: must be the HTTP status code of an error, 400 to 599");
        add(
            "a large request",
            [](auto& s) { s.clients->at(1).requestSize = 1000000001; },
            "clients[1].requestSize: must not be above 1000000000 bytes");
        add("run zero", [](auto& s) { s.run = 0; }, "run: must be above 0");
        add("no runs", [](auto& s) { s.runs = 0; }, "runs: must be between 1 and 100000");
        add(
            "a name twice",
            [](auto& s) { s.clients->at(0).name = "clients"; },
            "clients[1].name: another group has the name 'clients'");
        Add("As many groups and faults as allowed, and one more", [](FunctionTestCase& test) {
            Scenario scenario;
            scenario.faults.emplace(1000);
            scenario.clients.emplace(1000);
            for (std::size_t i = 0; i < 1000; ++i)
            {
                scenario.clients->at(i).name = std::to_string(i);
            }
            test.Equal(scenario.Validate().size(), 0, "a thousand of each");
            scenario.faults->emplace_back();
            test.Equal(scenario.Validate().size(), 1, "a fault too many");
            scenario.clients->emplace_back();
            test.Equal(scenario.Validate().size(), 2, "and a group too many");
        });
    }
};

/** Registers the suite. */
ScenarioBoundsTestSuite g_scenarioBoundsTestSuite;

} // namespace
