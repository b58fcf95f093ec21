/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-reader.h"

#include "ns3/azure-input-file.h"
#include "ns3/azure-json-text.h"
#include "ns3/azure-resource-limits.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <numeric>

namespace ns3
{
namespace azure
{

namespace
{

/** Numbers of seconds above this do not fit into a Time. */
constexpr double LARGEST_SECONDS = 1e9;

/**
 * @param a a word
 * @param b another word
 * @return how many letters must be changed, added or removed to make one the other
 */
std::size_t
EditDistance(const std::string& a, const std::string& b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 0; i < a.size(); ++i)
    {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j)
        {
            const auto above = row[j + 1];
            const auto change = std::tolower(a[i]) == std::tolower(b[j]) ? 0 : 1;
            row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + change});
            diagonal = above;
        }
    }
    return row[b.size()];
}

/**
 * @param word what was written
 * @param known what would have been right
 * @return a hint for the message: the nearest word, or all of them
 */
std::string
Suggest(const std::string& word, const std::vector<std::string>& known)
{
    std::string nearest;
    std::size_t best = 1 + std::max<std::size_t>(word.size() / 2, 1);
    for (const auto& candidate : known)
    {
        // A word this long is no slip of the pen, and the comparison would take long.
        const auto distance = word.size() > 64 ? best : EditDistance(word, candidate);
        if (distance < best)
        {
            best = distance;
            nearest = candidate;
        }
    }
    if (!nearest.empty())
    {
        return "; did you mean '" + nearest + "'?";
    }
    std::string all;
    for (const auto& candidate : known)
    {
        all += (all.empty() ? "" : ", ") + candidate;
    }
    return "; known: " + all;
}

/**
 * @param word a word of the input
 * @return the word, shortened and without control characters, for a message
 */
std::string
Show(const std::string& word)
{
    std::string text = word.substr(0, 40);
    std::replace_if(
        text.begin(),
        text.end(),
        [](unsigned char c) { return c < 0x20 || c >= 0x7f; },
        '?');
    return "'" + text + (word.size() > 40 ? "..." : "") + "'";
}

/**
 * Reads the members of one JSON object; what it was not asked for is an error.
 */
class Section
{
  public:
    /**
     * @param json the value, which must be an object
     * @param path its path; empty at the top
     * @param errors takes the errors
     */
    Section(const JsonValue& json, std::string path, std::vector<ConfigurationError>& errors)
        : m_json(json),
          m_path(std::move(path)),
          m_errors(errors)
    {
        if (!json.Is(JsonValue::Type::Object))
        {
            Fail("", std::string("must be an object, not ") + json.GetTypeName());
        }
    }

    /**
     * @param key a member
     * @return its path
     */
    std::string Path(const std::string& key) const
    {
        return key.empty() ? m_path : m_path.empty() ? key : m_path + "." + key;
    }

    /**
     * @param key the member at fault; empty: the object itself
     * @param message what is wrong
     */
    void Fail(const std::string& key, const std::string& message)
    {
        const auto path = Path(key);
        m_errors.push_back({path.empty() ? "$" : path, message});
    }

    /**
     * @param key a member
     * @return its value, or nullptr
     */
    const JsonValue* Find(const std::string& key)
    {
        if (std::find(m_known.begin(), m_known.end(), key) == m_known.end())
        {
            m_known.push_back(key);
        }
        // Unlike those of Azure, names are a matter of case.
        const auto& members = m_json.AsObject();
        const auto found = std::find_if(members.begin(), members.end(), [&](const auto& member) {
            return member.name == key;
        });
        return found == members.end() ? nullptr : &found->value;
    }

    /**
     * @param key a member
     * @param set takes the value
     */
    void Text(const std::string& key, const std::function<void(const std::string&)>& set)
    {
        if (const auto* value = Find(key))
        {
            if (value->Is(JsonValue::Type::String))
            {
                set(value->AsString());
            }
            else
            {
                Wrong(key, "a text", *value);
            }
        }
    }

    /**
     * @param key a member whose text must not be empty
     * @param set takes the value
     */
    void Name(const std::string& key, const std::function<void(const std::string&)>& set)
    {
        Text(key, [&](const std::string& text) {
            if (text.empty())
            {
                Fail(key, "must not be empty");
            }
            else
            {
                set(text);
            }
        });
    }

    /**
     * @param key a member
     * @param set takes the value
     */
    void Number(const std::string& key, const std::function<void(double)>& set)
    {
        if (const auto* value = Find(key))
        {
            if (IsNumber(*value))
            {
                set(value->AsNumber());
            }
            else
            {
                Wrong(key, "a number", *value);
            }
        }
    }

    /**
     * @param key a member
     * @param lowest the lowest value allowed
     * @param highest the highest value allowed
     * @param set takes the value
     */
    void Integer(const std::string& key,
                 uint32_t lowest,
                 uint32_t highest,
                 const std::function<void(uint32_t)>& set)
    {
        if (const auto* value = Find(key))
        {
            const auto number = value->AsNumber();
            if (!IsNumber(*value))
            {
                Wrong(key, "a whole number", *value);
            }
            else if (number < lowest || number > highest)
            {
                Fail(key,
                     "must be between " + std::to_string(lowest) + " and " +
                         std::to_string(highest));
            }
            else if (number != std::floor(number))
            {
                Fail(key, "must be a whole number, not a fraction");
            }
            else
            {
                set(static_cast<uint32_t>(number));
            }
        }
    }

    /**
     * @param key a member
     * @param set takes the value
     */
    void Flag(const std::string& key, const std::function<void(bool)>& set)
    {
        if (const auto* value = Find(key))
        {
            if (value->Is(JsonValue::Type::Boolean))
            {
                set(value->AsBoolean());
            }
            else
            {
                Wrong(key, "true or false", *value);
            }
        }
    }

    /**
     * @param key a member that holds seconds
     * @param set takes the value
     */
    void Duration(const std::string& key, const std::function<void(const Time&)>& set)
    {
        Number(key, [&](double seconds) {
            if (!std::isfinite(seconds) || std::abs(seconds) > LARGEST_SECONDS)
            {
                Fail(key, "is not a time in seconds that can be simulated");
            }
            else if (seconds < 0)
            {
                Fail(key, "must not be negative");
            }
            else
            {
                set(Seconds(seconds));
            }
        });
    }

    /**
     * @param key a member that holds one word of a list
     * @param words the list
     * @param set takes the position in the list
     */
    void Choice(const std::string& key,
                const std::vector<std::string>& words,
                const std::function<void(std::size_t)>& set)
    {
        Text(key, [&](const std::string& word) {
            const auto found = std::find(words.begin(), words.end(), word);
            if (found == words.end())
            {
                Fail(key, "unknown value " + Show(word) + Suggest(word, words));
            }
            else
            {
                set(found - words.begin());
            }
        });
    }

    /**
     * @param key a member that holds a list
     * @param each takes every element and its path
     */
    void List(const std::string& key,
              const std::function<void(const JsonValue&, const std::string&)>& each)
    {
        if (const auto* value = Find(key))
        {
            if (!value->Is(JsonValue::Type::Array))
            {
                Wrong(key, "a list", *value);
                return;
            }
            const auto& elements = value->AsArray();
            for (std::size_t i = 0; i < elements.size(); ++i)
            {
                each(elements[i], Path(key) + "[" + std::to_string(i) + "]");
            }
        }
    }

    /** Complains about every member that was not asked for. */
    void Close()
    {
        for (const auto& [key, value] : m_json.AsObject())
        {
            if (std::find(m_known.begin(), m_known.end(), key) == m_known.end())
            {
                Fail(Show(key), "unknown key" + Suggest(key, m_known));
            }
        }
    }

  private:
    /**
     * @param key the member
     * @param wanted what it must be
     * @param value what it is
     */
    void Wrong(const std::string& key, const std::string& wanted, const JsonValue& value)
    {
        Fail(key, "must be " + wanted + ", not " + value.GetTypeName());
    }

    /**
     * @param value a value
     * @return whether it is a number
     */
    static bool IsNumber(const JsonValue& value)
    {
        return value.Is(JsonValue::Type::Integer) || value.Is(JsonValue::Type::Number);
    }

    const JsonValue& m_json;                   //!< the object
    std::string m_path;                        //!< where it is
    std::vector<ConfigurationError>& m_errors; //!< takes the errors
    std::vector<std::string> m_known;          //!< keys that were asked for
};

/**
 * @param json the group of clients
 * @param path its path
 * @param errors takes the errors
 * @return the group
 */
ScenarioClients
ReadClients(const JsonValue& json, const std::string& path, std::vector<ConfigurationError>& errors)
{
    ScenarioClients clients;
    Section section(json, path, errors);
    section.Name("name", [&](const auto& name) { clients.name = name; });
    section.Integer("count", 1, 10000, [&](uint32_t count) { clients.count = count; });
    section.List("targets", [&](const JsonValue& target, const std::string& where) {
        if (target.Is(JsonValue::Type::String))
        {
            clients.targets.push_back(target.AsString());
        }
        else
        {
            errors.push_back({where, std::string("must be a text, not ") + target.GetTypeName()});
        }
    });
    section.Choice("load", GetLoadModelNames(), [&](std::size_t i) {
        clients.load = static_cast<LoadModel>(i);
    });
    section.Number("rate", [&](double rate) { clients.rate = rate; });
    section.Integer("users", 1, 10000, [&](uint32_t users) { clients.users = users; });
    section.Duration("thinkTime", [&](const Time& time) { clients.thinkTime = time; });
    section.Flag("keepAlive", [&](bool keep) { clients.keepAlive = keep; });
    section.Duration("connectTimeout", [&](const Time& time) { clients.connectTimeout = time; });
    section.Duration("requestTimeout", [&](const Time& time) { clients.requestTimeout = time; });
    section.Integer("requestSize", 0, 1000000000, [&](uint32_t size) {
        clients.requestSize = size;
    });
    section.Integer("responseSize", 0, 1000000000, [&](uint32_t size) {
        clients.responseSize = size;
    });
    section.Duration("start", [&](const Time& time) { clients.start = time; });
    section.Duration("stop", [&](const Time& time) { clients.stop = time; });
    section.Close();
    return clients;
}

/**
 * @param json the fault
 * @param path its path
 * @param errors takes the errors
 * @return the fault
 */
ScenarioFault
ReadFault(const JsonValue& json, const std::string& path, std::vector<ConfigurationError>& errors)
{
    ScenarioFault fault;
    Section section(json, path, errors);
    bool hasKind = false;
    section.Choice("kind", GetFaultKindNames(), [&](std::size_t i) {
        fault.kind = static_cast<FaultKind>(i);
        hasKind = true;
    });
    if (json.Is(JsonValue::Type::Object) && !section.Find("kind"))
    {
        section.Fail("kind", "is missing" + Suggest("", GetFaultKindNames()));
    }
    section.Name("target", [&](const auto& target) { fault.target = target; });
    section.Duration("start", [&](const Time& time) { fault.start = time; });
    section.Choice("phase", {"exact", "random"}, [&](std::size_t i) {
        fault.phase = static_cast<FaultPhase>(i);
    });
    // What only some kinds know is refused elsewhere: it would have no effect.
    const auto allowed = [&](const char* key, bool has) {
        const bool given = section.Find(key);
        if (given && hasKind && !has)
        {
            section.Fail(key, "has no meaning for a fault of kind '" + GetName(fault.kind) + "'");
        }
        return has;
    };
    if (allowed("duration",
                fault.kind != FaultKind::InstanceCrash && fault.kind != FaultKind::Maintenance))
    {
        section.Duration("duration", [&](const Time& time) { fault.duration = time; });
    }
    if (allowed("delay", fault.kind == FaultKind::Slow))
    {
        section.Duration("delay", [&](const Time& time) { fault.delay = time; });
    }
    if (allowed("status", fault.kind == FaultKind::Status))
    {
        section.Integer("status", 400, 599, [&](uint32_t status) { fault.status = status; });
    }
    if (allowed("loss", fault.kind == FaultKind::Loss))
    {
        section.Number("loss", [&](double loss) { fault.loss = loss; });
    }
    if (allowed("port",
                fault.kind == FaultKind::Hang || fault.kind == FaultKind::PortClosed ||
                    fault.kind == FaultKind::Slow || fault.kind == FaultKind::Status))
    {
        section.Integer("port", 1, 65535, [&](uint32_t port) { fault.port = port; });
    }
    section.Close();
    return fault;
}

/**
 * @param name a file named in the scenario
 * @param scenario name of the scenario file; may be empty
 * @return the name, relative to the folder of the scenario file
 */
std::string
Resolve(const std::string& name, const std::string& scenario)
{
    const std::filesystem::path path(name);
    if (scenario.empty() || path.is_absolute())
    {
        return name;
    }
    return (std::filesystem::path(scenario).parent_path() / path).string();
}

} // namespace

ScenarioReadResult
ScenarioReader::ReadFile(const std::string& file)
{
    ScenarioReadResult result;
    std::string text;
    const auto error = InputFile::Read(file, ResourceLimits::TextBytes, text);
    if (!error.empty())
    {
        result.errors.push_back({"$", error});
        return result;
    }
    return Parse(text, file);
}

ScenarioReadResult
ScenarioReader::Parse(const std::string& text, const std::string& file)
{
    ScenarioReadResult result;
    auto& scenario = result.scenario;
    auto& errors = result.errors;
    scenario.file = file;
    std::string malformed;
    const auto json = JsonText::Parse(text, malformed);
    if (!json)
    {
        errors.push_back({"$", malformed});
        return result;
    }

    Section top(*json, "", errors);
    top.Text("$schema", [](const auto&) {});
    top.Text("description", [](const auto&) {});
    if (const auto* value = top.Find("deployment"))
    {
        Section deployment(*value, "deployment", errors);
        deployment.Name("template",
                        [&](const auto& name) { scenario.templateFile = Resolve(name, file); });
        deployment.Name("parameters",
                        [&](const auto& name) { scenario.parametersFile = Resolve(name, file); });
        deployment.Close();
        if (deployment.Find("parameters") && !deployment.Find("template"))
        {
            deployment.Fail("parameters", "needs a template");
        }
    }
    top.Duration("duration", [&](const Time& time) { scenario.duration = time; });
    top.Integer("seed", 1, Scenario::LARGEST_SEED, [&](uint32_t seed) { scenario.seed = seed; });
    top.Integer("run", 1, UINT32_MAX, [&](uint32_t run) { scenario.run = run; });
    top.Integer("runs", 1, 100000, [&](uint32_t runs) { scenario.runs = runs; });
    top.List("clients", [&](const JsonValue& group, const std::string& path) {
        if (!scenario.clients)
        {
            scenario.clients.emplace();
        }
        scenario.clients->push_back(ReadClients(group, path, errors));
    });
    top.List("faults", [&](const JsonValue& fault, const std::string& path) {
        if (!scenario.faults)
        {
            scenario.faults.emplace();
        }
        scenario.faults->push_back(ReadFault(fault, path, errors));
    });
    // An empty list is a choice, a missing one is not.
    if (top.Find("clients") && !scenario.clients)
    {
        scenario.clients.emplace();
    }
    if (top.Find("faults") && !scenario.faults)
    {
        scenario.faults.emplace();
    }
    if (const auto* value = top.Find("measurement"))
    {
        auto& measurement = scenario.measurement;
        Section section(*value, "measurement", errors);
        section.Flag("requests", [&](bool on) { measurement.requests = on; });
        section.Flag("probes", [&](bool on) { measurement.probes = on; });
        section.Flag("flowMonitor", [&](bool on) { measurement.flowMonitor = on; });
        section.Flag("pcap", [&](bool on) { measurement.pcap = on; });
        section.Close();
    }
    top.Close();
    if (errors.empty())
    {
        errors = scenario.Validate();
    }
    return result;
}

} // namespace azure
} // namespace ns3
