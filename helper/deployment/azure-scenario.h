/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SCENARIO_H
#define AZURE_SCENARIO_H

#include "ns3/azure-configuration-error.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief How a client decides when to send the next request.
 */
enum class LoadModel
{
    Poisson, //!< open loop, exponential gaps around the mean rate
    Paced,   //!< open loop, equal gaps
    Closed   //!< closed loop: users that wait for the answer, think, and ask again
};

/**
 * @ingroup azure-load-balancing
 * @brief What goes wrong.
 */
enum class FaultKind
{
    Crash,        //!< the machine stops without a word: interfaces down, connections forgotten
    Hang,         //!< the server accepts connections and never answers
    PortClosed,   //!< the server stops listening: connection attempts are reset
    Slow,         //!< every answer waits ScenarioFault::delay
    Status,       //!< every answer has status ScenarioFault::status
    LinkCut,      //!< the cable of the network interface: nothing in, nothing out
    Loss,         //!< packets of the network interface are lost, both ways
    ProbeBlocked, //!< a filter on the machine drops what comes from the probe source (HP-9)
    HealthPlane   //!< Traffic Manager's name servers keep what they last knew (TM-9)
};

/**
 * @ingroup azure-load-balancing
 * @brief When a fault starts within the probe interval.
 */
enum class FaultPhase
{
    Exact, //!< at ScenarioFault::start
    Random //!< later by a random part, uniform, of the interval of the target's probe
};

/**
 * @ingroup azure-load-balancing
 * @brief How a cache of DNS answers treats their times to live.
 */
struct ScenarioDnsCache
{
    Time ttlFloor{0};                 //!< kept at least so long
    Time ttlCeiling{Seconds(604800)}; //!< kept at most so long
    double ttlStretch{1};             //!< factor on the time to live; applied first, 0 to 1000
    bool keepUntilRestart{false};     //!< kept for ever; floor and ceiling are void
};

/**
 * @ingroup azure-load-balancing
 * @brief The recursive resolvers that clients of Traffic Manager ask.
 */
struct ScenarioResolver
{
    std::string region;           //!< where they are; empty: where the clients are
    uint32_t count{1};            //!< how many share the clients (TM-15), 1 to 100
    ScenarioDnsCache cache;       //!< how long they keep answers
    bool serveStale{false};       //!< expired answers rather than none (RFC 8767)
    bool sendClientSubnet{false}; //!< tell name servers the clients' /24 (RFC 7871, TM-12)
};

/**
 * @ingroup azure-load-balancing
 * @brief The places of Traffic Manager's own parts.
 */
struct ScenarioTrafficManager
{
    /** Regions that endpoints are probed from (HP-43); Azure does not tell how many it has. */
    std::vector<std::string> monitorRegions{"eastus",
                                            "westus2",
                                            "brazilsouth",
                                            "westeurope",
                                            "southeastasia"};
    /** Regions of the name servers, all with one address (TM-9). */
    std::vector<std::string> nameServerRegions{"eastus", "westeurope", "southeastasia"};
};

/**
 * @ingroup azure-load-balancing
 * @brief A group of clients that behave alike.
 */
struct ScenarioClients
{
    std::string name{"clients"}; //!< prefix of the clients' names; unique among the groups
    uint32_t count{20};          //!< clients for each target, 1 to 10000
    /**
     * What they ask: a rule (`rule` or `service/rule`, of a gateway with `/path rule` behind it), a
     * frontend (`address:port`) or a Traffic Manager profile (its name, or its name in DNS). Empty:
     * every load balancing rule, request routing rule and path rule with backends, every profile
     * that no other one leads to, and, with one light client each, every mapping of an inbound NAT
     * rule and every rule of a gateway without backends.
     */
    std::vector<std::string> targets;
    /**
     * Region that they are at. Empty: equally near to all regions, or for Traffic Manager at the
     * region of its first endpoint. Void for what is asked from inside a virtual network.
     */
    std::string region;
    ScenarioResolver resolver;          //!< that they ask; for Traffic Manager
    bool hostCacheEnabled{true};        //!< whether they keep answers themselves (TM-10)
    ScenarioDnsCache hostCache;         //!< how long
    LoadModel load{LoadModel::Poisson}; //!< open or closed loop
    double rate{10};                    //!< requests per second of one client; open loop
    uint32_t users{1};                  //!< concurrent users of one client; closed loop
    Time thinkTime{MilliSeconds(100)};  //!< pause of a user between requests; closed loop
    bool keepAlive{false};              //!< keep connections; otherwise one for each request
    Time connectTimeout{Seconds(3)};    //!< a connection attempt counts as failed after this
    Time requestTimeout{Seconds(5)};    //!< a request without an answer counts as failed
    uint32_t requestSize{0};            //!< bytes of the request body
    uint32_t responseSize{1000};        //!< bytes of the response body
    std::optional<Time>
        start;                //!< first request not before; unset: when every probe had its verdict
    std::optional<Time> stop; //!< last request not after; unset: the end
};

/**
 * @ingroup azure-load-balancing
 * @brief One thing that goes wrong, and for how long.
 */
struct ScenarioFault
{
    FaultKind kind{FaultKind::Crash}; //!< what goes wrong
    /**
     * Name of a virtual machine or network interface. Empty: the first member of the pool of
     * the first load balancing rule.
     */
    std::string target;
    std::optional<Time> start; //!< when it starts, at the earliest; unset: 10 s after the clients
    FaultPhase phase{FaultPhase::Exact}; //!< where in the probe interval it starts
    std::optional<Time> duration;        //!< how long it lasts; unset: to the end
    Time delay{Seconds(1)};              //!< Slow: wait before each answer
    uint16_t status{503};                //!< Status: HTTP status code of an error, 400 to 599
    double loss{0.1};                    //!< Loss: part of the packets lost, above 0, up to 1
    uint16_t port{0};                    //!< server faults: only this port; 0: all ports
};

/**
 * @ingroup azure-load-balancing
 * @brief What is recorded.
 */
struct ScenarioMeasurement
{
    bool requests{true};    //!< requests.csv, one line for each request; exchanges.csv
    bool probes{true};      //!< probes.csv, one line for each probe
    bool dns{true};         //!< dns.csv, one line for each answer
    bool flowMonitor{true}; //!< flowmon.xml
    bool pcap{false};       //!< packet traces of every machine and client
};

/**
 * @ingroup azure-load-balancing
 * @brief A deployment, what clients do to it, what goes wrong, and for how long to look.
 *
 * Run k of a scenario is a function of the scenario, the seed and k alone. What is unset is
 * filled in from the deployment by ScenarioPlan; the default fault is the crash of the first
 * member of the first rule, at a random phase of its probe, and its return.
 */
struct Scenario
{
    static constexpr uint32_t LARGEST_SEED = 4294944442; //!< what ns-3's generator takes (MRG32k3a)
    static constexpr std::size_t MOST_GROUPS = 1000;     //!< groups of clients
    static constexpr std::size_t MOST_FAULTS = 1000;     //!< faults of one run

    std::string file;           //!< where it was read from; empty: made in code
    std::string templateFile;   //!< deployment template or REST resource; empty: built-in
    std::string parametersFile; //!< parameters of the template; may be empty
    std::optional<std::vector<ScenarioClients>> clients; //!< unset: one group of clients
    std::optional<std::vector<ScenarioFault>> faults;    //!< unset: the default fault
    std::optional<Time> duration; //!< length of the simulation; unset: until all has recovered
    uint32_t seed{1};             //!< seed of all random streams, above 0
    uint32_t run{1};              //!< run number of all random streams, above 0
    uint32_t runs{1};             //!< how often a sweep repeats it
    ScenarioTrafficManager trafficManager; //!< where its parts are
    ScenarioMeasurement measurement;       //!< what is recorded

    /**
     * @brief Checks everything that can be checked without the deployment.
     *
     * Paths are those of the scenario file, for example `faults[0].start`.
     *
     * @return every error found; empty when the scenario can be used
     */
    std::vector<ConfigurationError> Validate() const;
};

/**
 * @param kind a kind of fault
 * @return its name in scenario files, for example `portClosed`
 */
std::string GetName(FaultKind kind);

/**
 * @param load a load model
 * @return its name in scenario files, for example `poisson`
 */
std::string GetName(LoadModel load);

/**
 * @return the names of all kinds of fault, in the order of the enumeration
 */
std::vector<std::string> GetFaultKindNames();

/**
 * @return the names of all load models, in the order of the enumeration
 */
std::vector<std::string> GetLoadModelNames();

} // namespace azure
} // namespace ns3

#endif /* AZURE_SCENARIO_H */
