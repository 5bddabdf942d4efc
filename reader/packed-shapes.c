/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The packed tables of an index: which members of their rows are columns, in which order, and what
 * is small when another is taken off. FORMAT.md lists them; a change raises GANDER_INDEX_VERSION.
 */
#include "reader/packed.h"

#define AS_IS(type, member)                                      \
  {                                                              \
    offsetof (type, member), sizeof (((type *)NULL)->member), -1 \
  }
#define BEYOND(type, member, column)                                   \
  {                                                                    \
    offsetof (type, member), sizeof (((type *)NULL)->member), (column) \
  }

static const GanderPackedColumn range_columns[] = {
  AS_IS (GanderRangeRow, range.begin),
  BEYOND (GanderRangeRow, range.end, 0),
  [GANDER_RANGE_COLUMN_LATEST] = BEYOND (GanderRangeRow, latest, 1),
  AS_IS (GanderRangeRow, range.lane),
  BEYOND (GanderRangeRow, range.goroutine, 3),
  AS_IS (GanderRangeRow, range.flags),
  AS_IS (GanderRangeRow, range.name),
  AS_IS (GanderRangeRow, range.stack),
  AS_IS (GanderRangeRow, range.swept),
  AS_IS (GanderRangeRow, range.reclaimed),
};

static const GanderPackedColumn task_columns[] = {
  [GANDER_TASK_COLUMN_ID] = AS_IS (GanderTask, id),
  AS_IS (GanderTask, parent),
  AS_IS (GanderTask, type),
  AS_IS (GanderTask, begin),
  BEYOND (GanderTask, end, 3),
  AS_IS (GanderTask, creator),
  BEYOND (GanderTask, ender, 5),
  AS_IS (GanderTask, stack),
};

static const GanderPackedColumn region_columns[] = {
  [GANDER_REGION_COLUMN_LANE] = AS_IS (GanderRegion, lane),
  AS_IS (GanderRegion, depth),
  AS_IS (GanderRegion, task),
  AS_IS (GanderRegion, type),
  [GANDER_REGION_COLUMN_BEGIN] = AS_IS (GanderRegion, begin),
  BEYOND (GanderRegion, end, GANDER_REGION_COLUMN_BEGIN),
  AS_IS (GanderRegion, flags),
  AS_IS (GanderRegion, stack),
};

static const GanderPackedColumn log_columns[] = {
  AS_IS (GanderLog, time),     AS_IS (GanderLog, lane),    AS_IS (GanderLog, task),
  AS_IS (GanderLog, category), AS_IS (GanderLog, message), AS_IS (GanderLog, stack),
};

static const GanderPackedColumn wakeup_columns[] = {
  [GANDER_WAKEUP_COLUMN_TIME] = AS_IS (GanderWakeupRow, time),
  AS_IS (GanderWakeupRow, wakee),
  AS_IS (GanderWakeupRow, created),
};

static const GanderPackedColumn sample_columns[] = {
  AS_IS (GanderSample, time),   AS_IS (GanderSample, goroutine), AS_IS (GanderSample, proc),
  AS_IS (GanderSample, thread), AS_IS (GanderSample, stack),
};

static const GanderPackedColumn first_seen_columns[] = {
  [GANDER_FIRST_SEEN_COLUMN_LANE] = AS_IS (GanderFirstSeenRow, lane),
  AS_IS (GanderFirstSeenRow, time),
};

#define SHAPE(columns, type)                         \
  {                                                  \
    (columns), G_N_ELEMENTS (columns), sizeof (type) \
  }

const GanderPackedShape *
gander_section_get_shape (GanderSection section)
{
  static const GanderPackedShape shapes[GANDER_N_SECTIONS] = {
    [GANDER_SECTION_RANGES] = SHAPE (range_columns, GanderRangeRow),
    [GANDER_SECTION_TASKS] = SHAPE (task_columns, GanderTask),
    [GANDER_SECTION_REGIONS] = SHAPE (region_columns, GanderRegion),
    [GANDER_SECTION_LOGS] = SHAPE (log_columns, GanderLog),
    [GANDER_SECTION_WAKEUPS] = SHAPE (wakeup_columns, GanderWakeupRow),
    [GANDER_SECTION_SAMPLES] = SHAPE (sample_columns, GanderSample),
    [GANDER_SECTION_FIRST_SEEN] = SHAPE (first_seen_columns, GanderFirstSeenRow),
  };
  return shapes[section].columns != NULL ? &shapes[section] : NULL;
}
