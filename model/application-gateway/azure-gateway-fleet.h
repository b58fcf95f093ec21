/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_FLEET_H
#define AZURE_GATEWAY_FLEET_H

#include "azure-application-gateway.h"
#include "azure-gateway-placement.h"
#include "azure-gateway-scale.h"

#include "ns3/event-id.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The instances of an application gateway: who runs, who comes, who goes, who is dead.
 *
 * Follows GatewayScale and GatewayPlacement, and tells the gateway, which owns it. Not a public
 * header.
 */
class GatewayFleet
{
  public:
    /// Times and numbers of the gateway's attributes.
    struct Settings
    {
        Time scaleOutDelay;       //!< attribute ScaleOutDelay
        Time scaleInDelay;        //!< attribute ScaleInDelay
        Time measurementInterval; //!< attribute MeasurementInterval
        Time failureDetection;    //!< attribute FailureDetection
        Time warmUp;              //!< attribute WarmUp
        Time maintenanceDrain;    //!< attribute MaintenanceDrain
        Time maintenanceTime;     //!< attribute MaintenanceTime
        uint32_t updateDomains;   //!< attribute UpdateDomains
    };

    /**
     * @param owner whose fleet it is
     * @param settings its attributes
     */
    GatewayFleet(ApplicationGateway& owner, const Settings& settings);

    /**
     * @brief Take an instance; it runs from the start unless autoscaling has enough.
     * @param instance an instance with its engine
     */
    void Add(Ptr<ApplicationGatewayInstance> instance);

    /**
     * @brief Put another object in the place of an instance that does not drain, see
     *        ApplicationGatewayInstance::TakeOver().
     *
     * @param index index of the instance
     * @param successor what is to go on there
     */
    void Succeed(uint32_t index, Ptr<ApplicationGatewayInstance> successor);

    /// Follow a new configuration of the gateway.
    void FollowConfiguration();

    /**
     * @return number of instances, there or not
     */
    uint32_t GetCount() const;

    /**
     * @param index index of an instance
     * @return the instance
     */
    Ptr<ApplicationGatewayInstance> Get(uint32_t index) const;

    /**
     * @param index index of an instance
     * @return what it is doing
     */
    GatewayInstanceState GetState(uint32_t index) const;

    /**
     * @param index index of an instance
     * @return its zone; empty when it is not there
     */
    std::string GetZone(uint32_t index) const;

    /**
     * @return instances in a state
     * @param state the state
     */
    uint32_t CountState(GatewayInstanceState state) const;

    /**
     * @return what was asked of all instances so far
     */
    GatewayTotals GetTotals() const;

    /**
     * @return clients' connections that are open at all instances
     */
    uint32_t GetConnectionCount() const;

    /**
     * @return capacity and compute units by their rules
     */
    const GatewayScale& GetScale() const;

    /**
     * @param index index of an instance
     * @return whether it was alive
     */
    bool Crash(uint32_t index);

    /**
     * @param zone name of a zone
     * @param up whether it works from now on
     * @return whether it is one of the gateway's zones
     */
    bool SetZoneUp(const std::string& zone, bool up);

    /**
     * @return whether maintenance begins, as none is under way
     */
    bool Maintain();

  private:
    /// An instance and what becomes of it.
    struct Slot
    {
        Ptr<ApplicationGatewayInstance> instance;                  //!< the instance
        GatewayInstanceState state{GatewayInstanceState::Standby}; //!< what it does
        std::string zone;                                          //!< where it is
        bool inFront{false};      //!< the front gives it new connections
        bool update{false};       //!< drains for maintenance, not for good
        Time drainSince;          //!< beginning of its draining
        EventId event;            //!< what it waits for
        EventId detection;        //!< the front notices its crash
        bool waitsForZone{false}; //!< nothing works where it might be
    };

    /**
     * @brief Do something later, for as long as the gateway is there.
     *
     * @param delay how much later
     * @param what what to do
     * @return the event
     */
    EventId Schedule(Time delay, std::function<void()> what);

    /**
     * @param index index of an instance
     * @param state what it does from now on
     */
    void SetState(uint32_t index, GatewayInstanceState state);

    /**
     * @param index index of an instance
     * @param action what the front is told
     */
    void TellFront(uint32_t index, GatewayFrontAction action);

    /// Compare what there is with what is wanted.
    void Apply();

    /// See how much there is to carry, and go on doing so.
    void Measure();

    /// Have what is ordered come in time.
    void AwaitArrival();

    /**
     * @brief Bring an instance up, in a zone that works; without one it waits.
     * @param index index of the instance
     */
    void Start(uint32_t index);

    /**
     * @brief It takes connections.
     * @param index index of the instance
     */
    void Run(uint32_t index);

    /**
     * @brief Take an instance out.
     *
     * @param index index of the instance
     * @param update for maintenance, as opposed to for good
     */
    void Drain(uint32_t index, bool update);

    /**
     * @brief An instance that drains may have no connections left.
     * @param index index of the instance
     */
    void LookAtDrain(uint32_t index);

    /**
     * @brief Draining is over.
     * @param index index of the instance
     */
    void EndDrain(uint32_t index);

    /**
     * @brief The platform replaces an instance that is dead.
     * @param index index of the instance
     */
    void Replace(uint32_t index);

    /// Go on with maintenance where the update domain at work is done.
    void GoOn();

    /**
     * @brief Listen to what an instance tells.
     * @param index its index
     */
    void Watch(uint32_t index);

    /**
     * @return instances that are there or come back by themselves
     */
    uint32_t CountLive() const;

    /**
     * @return zones of the instances that are there
     */
    std::vector<std::string> GetZones() const;

    /**
     * @return how long an order takes until its instance starts
     */
    Time GetStartDelay() const;

    ApplicationGateway& m_owner;                           //!< whose fleet it is
    Settings m_settings;                                   //!< its attributes
    GatewayPlacement m_placement;                          //!< zones
    GatewayScale m_scale;                                  //!< how many are wanted
    std::vector<Slot> m_slots;                             //!< by index
    std::vector<Ptr<ApplicationGatewayInstance>> m_former; //!< that others took over from
    EventId m_measure;                                     //!< next measurement
    EventId m_arrival;                                     //!< next arrival
    GatewayTotals m_before;                                //!< at the last measurement
    Time m_measuredAt;                                     //!< when that was
    std::optional<uint32_t> m_domain;                      //!< update domain at work
    std::set<uint32_t> m_updating;                         //!< its instances that are not back
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_FLEET_H */
