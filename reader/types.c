/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/types.h"

static const struct
{
  const char *reason;
  GanderWait wait;
} reasons[] = {
  { "sync", GANDER_WAIT_SYNC },
  { "sync.(*Cond).Wait", GANDER_WAIT_COND },
  { "chan send", GANDER_WAIT_CHAN_SEND },
  { "chan receive", GANDER_WAIT_CHAN_RECEIVE },
  { "select", GANDER_WAIT_SELECT },
  { "network", GANDER_WAIT_NETWORK },
  { "sleep", GANDER_WAIT_SLEEP },
  { "forever", GANDER_WAIT_FOREVER },
  { "GC mark assist wait for work", GANDER_WAIT_GC },
  { "wait until GC ends", GANDER_WAIT_GC },
  { "GC weak to strong wait", GANDER_WAIT_GC },
  { "GC background sweeper wait", GANDER_WAIT_GC },
};

static const char *const state_ids[GANDER_N_STATES] = {
  [GANDER_STATE_NONE] = "none",
  [GANDER_STATE_RUNNING] = "running",
  [GANDER_STATE_RUNNABLE] = "runnable",
  [GANDER_STATE_BLOCKED] = "blocked",
  [GANDER_STATE_SYSCALL] = "syscall",
  [GANDER_STATE_SYSCALL_BLOCKED] = "syscall-blocked",
  [GANDER_STATE_GC_WORK] = "gc-work",
  [GANDER_STATE_GC_ASSIST] = "gc-assist",
  [GANDER_STATE_SCHEDULING] = "scheduling",
  [GANDER_STATE_UNKNOWN] = "unknown",
};

static const char *const wait_ids[GANDER_N_WAITS] = {
  [GANDER_WAIT_NONE] = "none",
  [GANDER_WAIT_SYNC] = "sync",
  [GANDER_WAIT_COND] = "cond",
  [GANDER_WAIT_CHAN_SEND] = "chan-send",
  [GANDER_WAIT_CHAN_RECEIVE] = "chan-receive",
  [GANDER_WAIT_SELECT] = "select",
  [GANDER_WAIT_NETWORK] = "network",
  [GANDER_WAIT_SLEEP] = "sleep",
  [GANDER_WAIT_GC] = "gc",
  [GANDER_WAIT_FOREVER] = "forever",
  [GANDER_WAIT_OTHER] = "other",
};

gboolean
gander_state_is_running (GanderState state)
{
  return state == GANDER_STATE_RUNNING || state == GANDER_STATE_GC_WORK ||
         state == GANDER_STATE_GC_ASSIST;
}

GanderWait
gander_wait_from_reason (const char *reason)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_str_equal (reasons[i].reason, reason))
      return reasons[i].wait;
  return GANDER_WAIT_OTHER;
}

const char *
gander_state_get_id (GanderState state)
{
  g_return_val_if_fail (state < GANDER_N_STATES, NULL);
  return state_ids[state];
}

const char *
gander_wait_get_id (GanderWait wait)
{
  g_return_val_if_fail (wait < GANDER_N_WAITS, NULL);
  return wait_ids[wait];
}
