/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SCENARIO_TRAFFIC_MANAGER_OBSERVER_H
#define AZURE_SCENARIO_TRAFFIC_MANAGER_OBSERVER_H

#include "azure-scenario-plan.h"

#include "ns3/azure-failover-timeline.h"
#include "ns3/azure-recursive-resolver.h"
#include "ns3/azure-request-log.h"
#include "ns3/azure-traffic-manager.h"

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief How one client left an endpoint of Traffic Manager that was down, and why so late.
 *
 * From the fault to its last connection there: the time to the verdict, then what these parts add
 * up to, in this order.
 */
struct ClientDeparture
{
    std::string client;                 //!< who
    std::size_t group{0};               //!< index of its group in the scenario
    Time lastConnection;                //!< when it began its last connection there
    Time resolverCache;                 //!< kept by its resolver within the time to live
    Time hostCache;                     //!< kept by the client itself within the time to live
    Time staleTail;                     //!< kept by either of them beyond that
    std::optional<Time> firstElsewhere; //!< end of its first success elsewhere after that
};

/**
 * @ingroup azure-load-balancing
 * @brief What one fault did to one endpoint of a profile, as those saw it who ask for a profile.
 */
struct ObservedDeparture
{
    /**
     * @param injected the fault
     */
    explicit ObservedDeparture(const InjectedFault& injected)
        : timeline(injected)
    {
    }

    std::size_t fault{0};      //!< index in ScenarioPlan::faults
    std::size_t endpoint{0};   //!< index in ScenarioPlan::endpoints: the profile that is asked for
    std::size_t target{0};     //!< index in ScenarioPlan::targets: what is down
    FailoverTimeline timeline; //!< what happened
    std::string place;         //!< region of the probe that decided; empty: none did
    Time probePhase;           //!< from the fault to the first failing probe there
    Time toleratedFailures;    //!< from that to the last one, which decided
    Time probeTimeout;         //!< from that to its result, which was the verdict
    std::optional<Time> published;  //!< when name servers answered by the verdict
    std::optional<Time> lastAnswer; //!< last time they led to the endpoint before it was up again
    std::optional<Time> lastResolverAnswer; //!< last time that a resolver did
    std::vector<ClientDeparture> clients;   //!< those that connected there after the fault, by name
};

/**
 * @ingroup azure-load-balancing
 * @brief Probes of one endpoint from one place.
 */
struct EndpointProbeCount
{
    uint64_t succeeded{0}; //!< that succeeded
    uint64_t failed{0};    //!< that failed
};

/**
 * @ingroup azure-load-balancing
 * @brief Listens to Traffic Manager and resolvers, and finds out why clients left when they did.
 */
class TrafficManagerObserver
{
  public:
    /** A status of an endpoint, from a time on. */
    struct Status
    {
        Time time;                    //!< since when
        EndpointMonitorStatus status; //!< the status
    };

    /** Part of the run that answers are counted by. */
    static constexpr uint32_t BINS = 40;

    /**
     * @param plan what is run; must outlive this
     */
    explicit TrafficManagerObserver(const ScenarioPlan& plan);

    /**
     * @brief Listen to Traffic Manager and its monitors.
     * @param manager what to listen to
     */
    void Watch(Ptr<TrafficManager> manager);

    /**
     * @brief Listen to a recursive resolver.
     * @param resolver what to listen to
     * @param name its name
     * @param address its address
     */
    void Watch(Ptr<RecursiveResolver> resolver, const std::string& name, Ipv4Address address);

    /**
     * @brief Listen no longer, and find out what became of the clients.
     * @param requests all requests
     */
    void Close(const RequestLog& requests);

    /**
     * @return every fault that puts a whole endpoint down, for each profile that is asked for and
     *         leads there
     */
    const std::vector<ObservedDeparture>& GetDepartures() const;

    /**
     * @param profile index of a profile
     * @param endpoint index of one of its endpoints
     * @return its statuses, in the order of time
     */
    std::vector<Status> GetStatuses(std::size_t profile, std::size_t endpoint) const;

    /**
     * @param profile index of a profile
     * @param endpoint index of one of its endpoints
     * @return probes by place
     */
    std::map<std::string, EndpointProbeCount> GetProbes(std::size_t profile,
                                                        std::size_t endpoint) const;

    /**
     * @param profile index of a profile
     * @param endpoint index of one of its endpoints
     * @return answers of the name servers that led there, perhaps from a profile above, by part of
     *         the run
     */
    std::vector<uint64_t> GetAnswers(std::size_t profile, std::size_t endpoint) const;

    /**
     * @brief Write one row for each answer, after a header row.
     *
     * Columns: time (seconds), by (`traffic-manager` or the name of a resolver), client (address),
     * name, type, source (`Authorities` of Traffic Manager, else where a resolver had it from),
     * code, endpoint (of Traffic Manager's answers), records, ttl (the least, seconds).
     *
     * @param os where to
     */
    void WriteDnsCsv(std::ostream& os) const;

  private:
    typedef std::pair<std::size_t, std::size_t> Key; //!< indices of profile and endpoint

    /** A way from a profile down to a target. */
    struct Way
    {
        std::vector<Key> endpoints;        //!< on the way
        std::optional<std::size_t> target; //!< index of the target; nothing: nobody is there
    };

    /** An answer of a name server or resolver. */
    struct Answer
    {
        Time time;                           //!< when
        std::optional<std::size_t> resolver; //!< index of who; nothing: Traffic Manager
        IpAddress client;                    //!< who asked
        DnsQuestion question;                //!< what
        std::string source;                  //!< where it is from
        DnsRcode rcode{DnsRcode::NoError};   //!< code
        std::vector<DnsRecord> records;      //!< records
        std::string paths;                   //!< of Traffic Manager: endpoints
        std::vector<std::size_t> targets;    //!< that it leads to
        std::vector<Key> endpoints;          //!< of Traffic Manager: on the ways there
    };

    /** A resolver. */
    struct Resolver
    {
        std::string name;  //!< its name
        IpAddress address; //!< its address
    };

    /**
     * @brief Find the ways from a profile to targets.
     * @param asked index of the profile that is asked for
     * @param profile index of a profile that it leads to
     * @param path names on the way there; empty: it is the same
     * @param endpoints endpoints on the way there
     */
    void FindWays(std::size_t asked,
                  std::size_t profile,
                  const std::string& path,
                  const std::vector<Key>& endpoints);

    /** @brief Find the pairs of fault and endpoint. */
    void FindDepartures();

    /**
     * @param departure a fault at an endpoint; is told what theory says
     */
    void Expect(ObservedDeparture& departure) const;

    /**
     * @brief A query was answered by Traffic Manager.
     * @param record the query
     */
    void HandleAnswer(const TrafficManagerAnswerRecord& record);

    /**
     * @brief A query was answered by a resolver.
     * @param index index of the resolver
     * @param record the query
     */
    void HandleResolverAnswer(std::size_t index, const DnsResolverRecord& record);

    /**
     * @brief A probe has ended.
     * @param record the probe
     */
    void HandleProbe(const EndpointProbeRecord& record);

    /**
     * @brief An endpoint has another status.
     * @param change the change
     */
    void HandleStatus(const EndpointStatusChange& change);

    /**
     * @brief The name servers have something new.
     * @param change the change
     */
    void HandleUpdate(const TrafficManagerChange& change);

    /**
     * @param profile name of a profile
     * @param endpoint name of one of its endpoints
     * @return indices of both; nothing when there is no such endpoint
     */
    std::optional<Key> Find(const std::string& profile, const std::string& endpoint) const;

    /**
     * @param departure a fault at an endpoint
     * @return indices of profile and endpoint
     */
    Key GetKey(const ObservedDeparture& departure) const;

    /**
     * @brief Split the time to a verdict that is now.
     * @param departure the fault, with the place that decided
     */
    void SplitDetection(ObservedDeparture& departure) const;

    /**
     * @brief Tell a timeline of requests and connections, and find the clients.
     * @param departure the fault
     * @param requests all requests
     */
    void Complete(ObservedDeparture& departure, const RequestLog& requests);

    /**
     * @param departure a fault
     * @return when its target was up again, as far as is known
     */
    static Time GetEnd(const ObservedDeparture& departure);

    /**
     * @param target index of a target
     * @param address an address
     * @return whether clients that are sent there get to the address
     */
    bool IsAt(std::size_t target, const Ipv4Address& address) const;

    /** Answers that led to one target, by whom they reached. */
    struct Trail
    {
        /// Time and index of the resolver, by client, in the order of time.
        std::map<IpAddress, std::vector<std::pair<Time, std::size_t>>> heard;
        /// When the name servers said it and when the resolver passed it on, by resolver.
        std::map<std::size_t, std::vector<std::pair<Time, Time>>> fetched;
    };

    /**
     * @param target index of a target
     * @return the answers that led there
     */
    Trail FindTrail(std::size_t target) const;

    /**
     * @brief Split the time from the verdict to the last connection of a client.
     * @param departure the fault
     * @param record the request of that connection
     * @param trail answers that led to the target
     * @return the parts
     */
    ClientDeparture SplitDeparture(const ObservedDeparture& departure,
                                   const HttpRequestRecord& record,
                                   const Trail& trail) const;

    const ScenarioPlan& m_plan;                  //!< what is run
    std::vector<ObservedDeparture> m_departures; //!< faults at endpoints
    /// By name of the profile that is asked for and by path, as answers have it.
    std::map<std::pair<std::string, std::string>, Way> m_ways;
    std::vector<Resolver> m_resolvers;                                 //!< recursive resolvers
    std::vector<Answer> m_answers;                                     //!< in the order of time
    std::map<Key, std::vector<Status>> m_statuses;                     //!< by endpoint
    std::map<Key, std::map<std::string, EndpointProbeCount>> m_counts; //!< by endpoint and place
    /// Starts of the first and last failed probe since a success, by endpoint and place.
    std::map<std::pair<Key, std::string>, std::pair<Time, Time>> m_failing;
    std::string m_latest; //!< place of the probe that ended last
    bool m_closed{false}; //!< whether nothing counts any more
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SCENARIO_TRAFFIC_MANAGER_OBSERVER_H */
