/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/events.h"

typedef struct
{
  const char *name;
  const char *arguments;
} WireEvent;

static const WireEvent wire_events[256] = {
#define EVENT(code, NAME, name, since, arguments, handler) [code] = { name, arguments },
#include "reader/events.def"
#undef EVENT
};

static const char *const kind_names[GANDER_N_EVENT_KINDS] = {
  [GANDER_EVENT_SYNC] = "Sync",
  [GANDER_EVENT_TRANSITION] = "StateTransition",
  [GANDER_EVENT_RANGE_BEGIN] = "RangeBegin",
  [GANDER_EVENT_RANGE_ACTIVE] = "RangeActive",
  [GANDER_EVENT_RANGE_END] = "RangeEnd",
  [GANDER_EVENT_METRIC] = "Metric",
  [GANDER_EVENT_LABEL] = "Label",
  [GANDER_EVENT_TASK_BEGIN] = "TaskBegin",
  [GANDER_EVENT_TASK_END] = "TaskEnd",
  [GANDER_EVENT_REGION_BEGIN] = "RegionBegin",
  [GANDER_EVENT_REGION_END] = "RegionEnd",
  [GANDER_EVENT_LOG] = "Log",
  [GANDER_EVENT_SAMPLE] = "StackSample",
  [GANDER_EVENT_EXPERIMENTAL] = "Experimental",
  [GANDER_EVENT_GAP] = "Gap",
};

static const char *const state_names[] = {
  [GANDER_GO_UNDETERMINED] = "Undetermined",
  [GANDER_GO_NOT_EXIST] = "NotExist",
  [GANDER_GO_RUNNABLE] = "Runnable",
  [GANDER_GO_RUNNING] = "Running",
  [GANDER_GO_WAITING] = "Waiting",
  [GANDER_GO_SYSCALL] = "Syscall",
  [GANDER_PROC_IDLE] = "Idle",
};

const char *
gander_wire_event_get_name (guint8 code)
{
  return wire_events[code].name;
}

const char *
gander_wire_event_get_arguments (guint8 code)
{
  return wire_events[code].arguments;
}

const char *
gander_event_kind_get_name (GanderEventKind kind)
{
  g_return_val_if_fail (kind < GANDER_N_EVENT_KINDS, NULL);
  return kind_names[kind];
}

const char *
gander_go_state_get_name (GanderGoState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (state_names), NULL);
  return state_names[state];
}
