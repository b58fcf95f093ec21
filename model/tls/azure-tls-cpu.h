/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_CPU_H
#define AZURE_TLS_CPU_H

#include "ns3/callback.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-value.h"

#include <cstdint>
#include <deque>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A processor that does the costly part of handshakes, one after the other.
 *
 * All connections that share one wait for one another, in the order of their coming. Bulk data
 * costs nothing. With the default cost of 20 ms a processor of speed 1 makes 50 full handshakes
 * a second, which is one compute unit of an Application Gateway (AG-51); speed n makes 50 n.
 */
class TlsCpu : public Object
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    TlsCpu();
    ~TlsCpu() override;

    /**
     * @brief Queue the work of a handshake.
     * @param resumed whether it resumes a session
     * @param done called when the work is done
     * @return a number for Cancel(), never 0
     */
    uint64_t Submit(bool resumed, Callback<void> done);

    /**
     * @brief Queue other work, such as a request that is looked at.
     * @param cost processor time at speed 1
     * @param done called when the work is done
     * @return a number for Cancel(), never 0
     */
    uint64_t SubmitWork(Time cost, Callback<void> done);

    /**
     * @brief Take work back. What is not begun costs nothing; what is begun goes on to its end.
     * @param job what Submit() gave; others are ignored
     */
    void Cancel(uint64_t job);

    /**
     * @return jobs that wait or are worked on
     */
    uint32_t GetQueueLength() const;

    /**
     * @return time that was spent working, up to now
     */
    Time GetBusyTime() const;

  protected:
    void DoDispose() override;

  private:
    /** @brief One handshake, or other work. */
    struct Job
    {
        uint64_t id;         //!< its number
        Time cost;           //!< processor time at speed 1
        Callback<void> done; //!< null: cancelled
    };

    /** @brief Begin with the first job that is not cancelled, if there is one. */
    void Begin();

    /** @brief The first job is done. */
    void End();

    Time m_fullCost;                  //!< work of a full handshake at speed 1
    Time m_resumedCost;               //!< work of a resumed handshake at speed 1
    double m_speed;                   //!< how much faster it is
    std::deque<Job> m_jobs;           //!< by number; the first is being worked on
    uint64_t m_last{0};               //!< number of the last job
    Time m_busy;                      //!< time spent on jobs that are done
    Time m_begin;                     //!< when the present job began
    EventId m_event;                  //!< end of the present job
    TracedValue<uint32_t> m_queue{0}; //!< jobs that wait or are worked on
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_CPU_H */
