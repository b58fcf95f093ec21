/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TRAFFIC_MANAGER_H
#define AZURE_TRAFFIC_MANAGER_H

#include "azure-endpoint-monitor-verdict.h"
#include "azure-endpoint-monitor.h"
#include "azure-traffic-manager-engine.h"

#include "ns3/azure-dns-zone.h"
#include "ns3/event-id.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A query for a profile, and what it was answered.
 */
struct TrafficManagerAnswerRecord
{
    Time time;                                   //!< when
    DnsQuestion question;                        //!< what was asked
    IpAddress source;                            //!< who asked: usually a resolver
    std::optional<DnsClientSubnet> clientSubnet; //!< for whom, if the query says so (TM-12)
    std::string profile;                         //!< name of the profile; empty: none has the name
    std::vector<std::string> paths;              //!< one a record: names of the endpoints from the
                                                 //!< profile to the target, with / between them
    TrafficManagerReason reason{TrafficManagerReason::UnknownName}; //!< why
    DnsZoneAnswer answer;                                           //!< records and code
};

/**
 * @ingroup azure-load-balancing
 * @brief One Azure Traffic Manager: profiles that belong together, their monitors, and what the
 *        name servers say.
 *
 * Usually made by TrafficManagerHelper. By hand: set attributes, SetProfiles(), AddMonitor() for
 * each place, and give each DnsServer a TrafficManagerZone of every name in GetOrigins().
 *
 * There are two sides to it. The plane of health and policy takes verdicts and changes; GetEngine()
 * is what it knows. The name servers answer by what it has told them; GetPublished() is what they
 * know. With the default attributes they differ only while Frozen is set (TM-9).
 */
class TrafficManager : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    TrafficManager();
    ~TrafficManager() override;

    /**
     * @brief Take the profiles; once, after the attributes and before all other calls.
     *
     * @param profiles profiles that belong together
     * @param world regions, round-trip times and locations of sources
     * @param settings where texts disagree
     * @return every error found; empty when the profiles were taken
     */
    std::vector<ConfigurationError> SetProfiles(
        const std::vector<TrafficManagerConfiguration>& profiles,
        std::shared_ptr<const TrafficManagerWorld> world,
        const TrafficManagerSettings& settings = TrafficManagerSettings());

    /**
     * @brief Take over a place that probes the endpoints (HP-43), before the simulation runs.
     * @param monitor the place, installed
     */
    void AddMonitor(Ptr<EndpointMonitor> monitor);

    /**
     * @return how many places probe
     */
    uint32_t GetMonitorCount() const;

    /**
     * @param index index of a place
     * @return the place
     */
    Ptr<EndpointMonitor> GetMonitor(uint32_t index) const;

    /**
     * @brief Tell it the address of one of its name servers, for NS records.
     * @param address the address
     */
    void AddNameServer(Ipv4Address address);

    /**
     * @return addresses of the name servers
     */
    const std::vector<Ipv4Address>& GetNameServers() const;

    /**
     * @return the names of the zones that its name servers are responsible for: what is above the
     *         names of the profiles, `trafficmanager.net` as a rule
     */
    std::vector<DnsName> GetOrigins() const;

    /**
     * @param origin one of GetOrigins()
     * @return NS records of that zone, each followed by the address of the server
     */
    std::vector<DnsRecord> GetDelegation(const DnsName& origin) const;

    /**
     * @return what the plane of health and policy knows
     */
    const TrafficManagerEngine& GetEngine() const;

    /**
     * @return what the name servers know
     */
    const TrafficManagerEngine& GetPublished() const;

    /**
     * @brief Answer a query; for TrafficManagerZone.
     *
     * @param query the query, about any name that is not the name servers' own
     * @return the answer, without the SOA record of a negative one
     */
    DnsZoneAnswer Answer(const DnsZoneQuery& query);

    /**
     * @param name a name in DNS
     * @return index of the profile with that name; nothing when there is none
     */
    std::optional<uint32_t> FindByName(const DnsName& name) const;

    /**
     * @return TTL of negative answers, in seconds
     */
    uint32_t GetNegativeTtl() const;

    /**
     * @name Control
     * Each returns what is wrong; empty: nothing, it is on its way. Names are not case-sensitive.
     * @{
     */

    /**
     * @brief Change a profile; it takes effect after ProfileChangeDelay (TM-11).
     * @param configuration the new one; the profile of that name is replaced
     * @return what is wrong with it
     */
    std::string Replace(const TrafficManagerConfiguration& configuration);

    /**
     * @brief Enable or disable a profile, after ProfileChangeDelay (TM-11).
     * @param profile name of the profile
     * @param isEnabled whether it is enabled
     * @return what is wrong
     */
    std::string SetProfileStatus(const std::string& profile, bool isEnabled);

    /**
     * @brief Enable or disable an endpoint, after ProfileChangeDelay (TM-11).
     * @param profile name of the profile
     * @param endpoint name of the endpoint
     * @param isEnabled whether it is enabled
     * @return what is wrong
     */
    std::string SetEndpointStatus(const std::string& profile,
                                  const std::string& endpoint,
                                  bool isEnabled);

    /**
     * @brief The service behind an endpoint was stopped or started (TM-29).
     * @param profile name of the profile
     * @param endpoint name of the endpoint
     * @param isStopped whether it is stopped
     * @return what is wrong
     */
    std::string SetStopped(const std::string& profile, const std::string& endpoint, bool isStopped);

    /**
     * @brief Say how an endpoint is, where no monitor probes it.
     * @param profile name of the profile
     * @param endpoint name of the endpoint
     * @param health how it is
     * @return what is wrong
     */
    std::string SetHealth(const std::string& profile,
                          const std::string& endpoint,
                          EndpointHealth health);

    /** @} */

    /**
     * @name Figures (TM-38)
     * @{
     */

    /**
     * @param profile name of a profile
     * @param endpoint name of an endpoint that is probed
     * @return the share of places that say it is up, of those that say anything
     */
    double GetShareUp(const std::string& profile, const std::string& endpoint) const;

    /**
     * @param profile name of a profile
     * @return queries for it so far
     */
    uint64_t GetQueryCount(const std::string& profile) const;

    /**
     * @param profile name of a profile
     * @param endpoint name of one of its endpoints
     * @return answers that led there so far, whether asked for the profile or for one above it
     */
    uint64_t GetAnswerCount(const std::string& profile, const std::string& endpoint) const;

    /**
     * @param reason a reason
     * @return answers for that reason so far
     */
    uint64_t GetReasonCount(TrafficManagerReason reason) const;

    /** @} */

    /**
     * @brief Fix the random variable streams of draws and of all monitors.
     *
     * @param stream first stream to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    /**
     * @brief Callback of `Answer`.
     * @param record the query and its answer
     */
    typedef void (*AnswerCallback)(const TrafficManagerAnswerRecord& record);

    /**
     * @brief Callback of `EndpointStatus`.
     * @param change the endpoint and its status
     */
    typedef void (*EndpointStatusCallback)(const EndpointStatusChange& change);

    /**
     * @brief Callback of `ProfileStatus`.
     * @param change the profile and its status
     */
    typedef void (*ProfileStatusCallback)(const ProfileStatusChange& change);

    /**
     * @brief Callback of `ProfileChange`.
     * @param profile name of the profile
     * @param change which statuses that changes
     */
    typedef void (*ProfileChangeCallback)(const std::string& profile,
                                          const TrafficManagerChange& change);

    /**
     * @brief Callback of `NameServerUpdate`.
     * @param change how what they know has changed
     */
    typedef void (*NameServerUpdateCallback)(const TrafficManagerChange& change);

  protected:
    void DoDispose() override;

  private:
    typedef std::pair<std::string, std::string> Key; //!< names of profile and endpoint

    /// What the monitors say of an endpoint.
    struct Monitoring
    {
        MonitoredEndpoint what;         //!< the endpoint
        EndpointMonitorVerdict verdict; //!< on it
    };

    /**
     * @param profile name of a profile
     * @param endpoint name of an endpoint
     * @param[out] id gets the indices
     * @return what is wrong
     */
    std::string Find(const std::string& profile,
                     const std::string& endpoint,
                     TrafficManagerEndpointId& id) const;

    /**
     * @param profile name of a profile
     * @param[out] configuration gets the profile, with the changes that are on their way
     * @return what is wrong
     */
    std::string FindWanted(const std::string& profile,
                           TrafficManagerConfiguration& configuration) const;

    /**
     * @brief A change of a profile takes effect.
     * @param configuration the new one
     */
    void Apply(const TrafficManagerConfiguration& configuration);

    /**
     * @brief The plane knows something new: tell of it, and tell the name servers.
     * @param change what it changed
     */
    void Tell(const TrafficManagerChange& change);

    /**
     * @brief The name servers get to know something.
     * @param engine what they know from now on
     */
    void Publish(const std::shared_ptr<const TrafficManagerEngine>& engine);

    /**
     * @brief A plane that failed works again, or fails.
     * @param isFrozen whether it fails
     */
    void SetFrozen(bool isFrozen);

    /**
     * @return whether the plane fails
     */
    bool IsFrozen() const;

    /// Have the monitors probe what is to be probed, soon.
    void ScheduleMonitors();

    /// Have the monitors probe what is to be probed.
    void UpdateMonitors();

    /**
     * @brief A probe has ended.
     * @param place index of the place
     * @param record the probe
     */
    void HandleProbe(uint32_t place, const EndpointProbeRecord& record);

    Time m_profileChangeDelay; //!< attribute ProfileChangeDelay
    Time m_healthDelay;        //!< attribute HealthDelay
    bool m_frozen{false};      //!< attribute Frozen
    uint32_t m_negativeTtl{0}; //!< attribute NegativeTtl

    std::unique_ptr<TrafficManagerEngine> m_engine;          //!< what the plane knows
    std::shared_ptr<const TrafficManagerEngine> m_published; //!< what the name servers know
    std::vector<TrafficManagerConfiguration> m_wanted;       //!< with all changes on their way
    std::shared_ptr<const TrafficManagerWorld> m_world;      //!< regions and locations
    std::map<DnsName, uint32_t> m_names;                     //!< profiles by name in DNS
    std::vector<Ipv4Address> m_nameServers;                  //!< their addresses
    std::vector<Ptr<EndpointMonitor>> m_monitors;            //!< places that probe
    std::map<Key, Monitoring> m_monitored;                   //!< what is probed
    Ptr<UniformRandomVariable> m_random;                     //!< draws
    EventId m_monitorsUpdate;                                //!< a pending UpdateMonitors()
    Time m_lastApply;                                        //!< when the last change applies
    Time m_lastPublish;                                      //!< when the last is published
    std::map<std::string, uint64_t> m_queries;               //!< by profile
    std::map<Key, uint64_t> m_answers;                       //!< by profile and endpoint
    std::map<TrafficManagerReason, uint64_t> m_reasons;      //!< by reason

    /// See trace source Answer.
    TracedCallback<const TrafficManagerAnswerRecord&> m_answerTrace;
    /// See trace source EndpointStatus.
    TracedCallback<const EndpointStatusChange&> m_endpointTrace;
    /// See trace source ProfileStatus.
    TracedCallback<const ProfileStatusChange&> m_profileTrace;
    /// See trace source ProfileChange.
    TracedCallback<const std::string&, const TrafficManagerChange&> m_changeTrace;
    /// See trace source NameServerUpdate.
    TracedCallback<const TrafficManagerChange&> m_publishTrace;
    /// See trace source MonitorProbe.
    TracedCallback<const EndpointProbeRecord&> m_probeTrace;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TRAFFIC_MANAGER_H */
