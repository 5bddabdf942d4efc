/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/stack-set.h"
#include "analysis/stats.h"

static char *
describe_creator (const GanderIndex *index, GanderStackId stack)
{
  GanderFrame leaf;

  if (gander_index_get_stack_depth (index, stack) == 0)
    return g_strdup ("");
  gander_index_get_frame (index, stack, 0, &leaf);
  return gander_stack_format_frame (index, &leaf);
}

static char *
describe_state (const GanderIndex *index, GanderLaneId lane, const GanderLane *life)
{
  GanderSpan last = { .state = GANDER_STATE_UNKNOWN };

  if ((life->flags & GANDER_LANE_ALIVE) == 0)
    return g_strdup ("ended");
  if (life->n_spans > 0)
    gander_query_span (index, lane, life->n_spans - 1, &last);
  switch (last.state)
    {
    case GANDER_STATE_RUNNING:
    case GANDER_STATE_GC_WORK:
    case GANDER_STATE_GC_ASSIST:
      return g_strdup ("running");
    case GANDER_STATE_RUNNABLE:
      return g_strdup ("runnable");
    case GANDER_STATE_BLOCKED:
      return g_strconcat ("waiting: ", gander_index_get_string (index, last.reason), NULL);
    case GANDER_STATE_SYSCALL:
    case GANDER_STATE_SYSCALL_BLOCKED:
      return g_strdup ("syscall");
    default:
      return g_strdup ("unknown");
    }
}

void
gander_stats_get_life (const GanderIndex *index, GanderLaneId lane, GanderGoroutineLife *out)
{
  GanderLane life;
  GanderLane creator = { .id = -1 };

  gander_index_get_life (index, lane, &life);
  if (life.creator != GANDER_LANE_NONE)
    gander_index_get_life (index, life.creator, &creator);
  *out = (GanderGoroutineLife){ .id = life.id,
                                .life = life.life,
                                .parent = creator.id,
                                .name = gander_index_get_string (index, life.name),
                                .existed = (life.flags & GANDER_LANE_EXISTED) != 0,
                                .created = life.begin,
                                .ended = life.end,
                                .creator = describe_creator (index, life.creation_stack),
                                .state = describe_state (index, lane, &life) };
  if (out->existed)
    out->created = -1;
  if ((life.flags & GANDER_LANE_ALIVE) != 0)
    out->ended = -1;
}

void
gander_goroutine_life_clear (GanderGoroutineLife *self)
{
  g_free (self->creator);
  g_free (self->state);
  *self = (GanderGoroutineLife){ 0 };
}
