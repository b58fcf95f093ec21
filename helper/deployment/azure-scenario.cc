/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario.h"

#include "ns3/azure-json-text.h"
#include "ns3/azure-region-table.h"

#include <array>
#include <cmath>
#include <set>
#include <sstream>

namespace ns3
{
namespace azure
{

namespace
{

/** Names of the kinds of fault, in the order of the enumeration. */
constexpr std::array<const char*, 9> FAULT_KIND_NAMES{"crash",
                                                      "hang",
                                                      "portClosed",
                                                      "slow",
                                                      "status",
                                                      "linkCut",
                                                      "loss",
                                                      "probeBlocked",
                                                      "healthPlane"};

/** Names of the load models, in the order of the enumeration. */
constexpr std::array<const char*, 3> LOAD_MODEL_NAMES{"poisson", "paced", "closed"};

/**
 * Collects errors.
 */
class Checker
{
  public:
    /**
     * @param ok the condition that must hold
     * @param path path of the field
     * @param message what is wrong when it does not hold
     */
    void Require(bool ok, const std::string& path, const std::string& message)
    {
        if (!ok)
        {
            errors.push_back({path, message});
        }
    }

    /**
     * @param time the value
     * @param path path of the field
     */
    void RequireTime(const Time& time, const std::string& path)
    {
        Require(!time.IsStrictlyNegative(), path, "must not be negative");
        Require(time <= Hours(24 * 366), path, "must not be longer than a year");
    }

    std::vector<ConfigurationError> errors; //!< what was found
};

/**
 * @param time a time
 * @return the time in seconds, for messages
 */
std::string
Show(const Time& time)
{
    std::ostringstream text;
    text << time.GetSeconds() << " s";
    return text.str();
}

/**
 * @param start beginning of something; may be unset
 * @param path its path
 * @param duration end of the simulation; may be unset
 * @param check takes the errors
 */
void
CheckStart(const std::optional<Time>& start,
           const std::string& path,
           const std::optional<Time>& duration,
           Checker& check)
{
    if (!start)
    {
        return;
    }
    check.RequireTime(*start, path);
    if (duration && *start >= *duration)
    {
        check.Require(false, path, "comes after the end of the simulation, " + Show(*duration));
    }
}

/**
 * @param cache the cache
 * @param path its path
 * @param check takes the errors
 */
void
CheckDnsCache(const ScenarioDnsCache& cache, const std::string& path, Checker& check)
{
    check.RequireTime(cache.ttlFloor, path + ".ttlFloor");
    check.RequireTime(cache.ttlCeiling, path + ".ttlCeiling");
    check.Require(std::isfinite(cache.ttlStretch) && cache.ttlStretch >= 0 &&
                      cache.ttlStretch <= 1000,
                  path + ".ttlStretch",
                  "must be between 0 and 1000");
}

/**
 * @param regions names of regions
 * @param path their path
 * @param check takes the errors
 */
void
CheckPlaces(const std::vector<std::string>& regions, const std::string& path, Checker& check)
{
    const auto known = RegionTable::MakeAzure();
    std::set<std::string> seen;
    check.Require(!regions.empty(), path, "must name one region at least");
    for (std::size_t i = 0; i < regions.size(); ++i)
    {
        const auto where = path + "[" + std::to_string(i) + "]";
        check.Require(known.Find(regions[i]).has_value(),
                      where,
                      "no region '" + JsonText::Quote(regions[i]) + "' has known round-trip times");
        check.Require(seen.insert(regions[i]).second, where, "the region is named twice");
    }
}

/**
 * @param clients the group
 * @param path its path
 * @param duration end of the simulation; may be unset
 * @param check takes the errors
 */
void
CheckClients(const ScenarioClients& clients,
             const std::string& path,
             const std::optional<Time>& duration,
             Checker& check)
{
    check.Require(!clients.name.empty(), path + ".name", "must not be empty");
    check.Require(clients.count >= 1 && clients.count <= 10000,
                  path + ".count",
                  "must be between 1 and 10000");
    check.Require(std::isfinite(clients.rate) && clients.rate > 0 && clients.rate <= 1e6,
                  path + ".rate",
                  "must be above 0, up to 1000000 requests per second");
    check.Require(clients.users >= 1 && clients.users <= 10000,
                  path + ".users",
                  "must be between 1 and 10000");
    check.RequireTime(clients.thinkTime, path + ".thinkTime");
    check.RequireTime(clients.connectTimeout, path + ".connectTimeout");
    check.RequireTime(clients.requestTimeout, path + ".requestTimeout");
    check.Require(!clients.connectTimeout.IsZero(), path + ".connectTimeout", "must be above 0");
    check.Require(!clients.requestTimeout.IsZero(), path + ".requestTimeout", "must be above 0");
    check.Require(clients.requestSize <= 1000000000,
                  path + ".requestSize",
                  "must not be above 1000000000 bytes");
    check.Require(clients.responseSize <= 1000000000,
                  path + ".responseSize",
                  "must not be above 1000000000 bytes");
    const auto regions = RegionTable::MakeAzure();
    const auto checkRegion = [&](const std::string& region, const std::string& where) {
        check.Require(region.empty() || regions.Find(region),
                      where,
                      "no region '" + JsonText::Quote(region) + "' has known round-trip times");
    };
    checkRegion(clients.region, path + ".region");
    checkRegion(clients.resolver.region, path + ".resolver.region");
    check.Require(clients.resolver.count >= 1 && clients.resolver.count <= 100,
                  path + ".resolver.count",
                  "must be between 1 and 100");
    CheckDnsCache(clients.resolver.cache, path + ".resolver", check);
    CheckDnsCache(clients.hostCache, path + ".hostCache", check);
    CheckStart(clients.start, path + ".start", duration, check);
    if (clients.stop)
    {
        check.RequireTime(*clients.stop, path + ".stop");
        check.Require(*clients.stop > clients.start.value_or(Time(0)),
                      path + ".stop",
                      "must come after the start");
    }
}

/**
 * @param fault the fault
 * @param path its path
 * @param duration end of the simulation; may be unset
 * @param check takes the errors
 */
void
CheckFault(const ScenarioFault& fault,
           const std::string& path,
           const std::optional<Time>& duration,
           Checker& check)
{
    CheckStart(fault.start, path + ".start", duration, check);
    if (fault.duration)
    {
        check.RequireTime(*fault.duration, path + ".duration");
        check.Require(!fault.duration->IsZero(), path + ".duration", "must be above 0");
    }
    check.RequireTime(fault.delay, path + ".delay");
    check.Require(fault.status >= 400 && fault.status <= 599,
                  path + ".status",
                  "must be the HTTP status code of an error, 400 to 599");
    check.Require(fault.loss > 0 && fault.loss <= 1, path + ".loss", "must be above 0, up to 1");
}

} // namespace

std::vector<ConfigurationError>
Scenario::Validate() const
{
    Checker check;
    if (duration)
    {
        check.RequireTime(*duration, "duration");
        check.Require(!duration->IsZero(), "duration", "must be above 0");
    }
    check.Require(seed > 0 && seed <= LARGEST_SEED,
                  "seed",
                  "must be between 1 and " + std::to_string(LARGEST_SEED));
    check.Require(run > 0, "run", "must be above 0");
    check.Require(runs > 0 && runs <= 100000, "runs", "must be between 1 and 100000");
    check.Require(!clients || clients->size() <= MOST_GROUPS,
                  "clients",
                  "must not be more than " + std::to_string(MOST_GROUPS) + " groups");
    check.Require(!faults || faults->size() <= MOST_FAULTS,
                  "faults",
                  "must not be more than " + std::to_string(MOST_FAULTS));
    if (!check.errors.empty())
    {
        return check.errors;
    }
    std::set<std::string> names;
    const auto groups = clients.value_or(std::vector<ScenarioClients>());
    for (std::size_t i = 0; i < groups.size(); ++i)
    {
        const auto path = "clients[" + std::to_string(i) + "]";
        CheckClients(groups[i], path, duration, check);
        check.Require(names.insert(groups[i].name).second,
                      path + ".name",
                      "another group has the name '" + JsonText::Quote(groups[i].name) + "'");
    }
    CheckPlaces(trafficManager.monitorRegions, "trafficManager.monitorRegions", check);
    CheckPlaces(trafficManager.nameServerRegions, "trafficManager.nameServerRegions", check);
    const auto list = faults.value_or(std::vector<ScenarioFault>());
    for (std::size_t i = 0; i < list.size(); ++i)
    {
        CheckFault(list[i], "faults[" + std::to_string(i) + "]", duration, check);
    }
    return check.errors;
}

std::string
GetName(FaultKind kind)
{
    return FAULT_KIND_NAMES.at(static_cast<std::size_t>(kind));
}

std::string
GetName(LoadModel load)
{
    return LOAD_MODEL_NAMES.at(static_cast<std::size_t>(load));
}

std::vector<std::string>
GetFaultKindNames()
{
    return {FAULT_KIND_NAMES.begin(), FAULT_KIND_NAMES.end()};
}

std::vector<std::string>
GetLoadModelNames()
{
    return {LOAD_MODEL_NAMES.begin(), LOAD_MODEL_NAMES.end()};
}

} // namespace azure
} // namespace ns3
