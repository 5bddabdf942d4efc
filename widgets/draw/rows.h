/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The rows of the timeline, top to bottom: sections, groups, lanes and what hangs below them, as
 * one flat array with running heights. Members of a group are listed only while the group is open,
 * so a trace of a million goroutines has a few hundred rows until somebody asks for more. Heights
 * in px.
 *
 * Whoever made rows may change them until somebody else has a reference. From then on they stay as
 * they are, any thread may read them, and gander_rows_new_changed () makes others of them.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_SECTION_PINNED,
  GANDER_SECTION_GC,
  GANDER_SECTION_COUNTERS,
  GANDER_SECTION_PROCS,
  GANDER_SECTION_THREADS,
  GANDER_SECTION_GOROUTINES,
  GANDER_SECTION_TASKS,
  GANDER_N_SECTIONS,
} GanderSection;

typedef enum
{
  GANDER_ROW_SECTION,   /* header of a section, with its summary */
  GANDER_ROW_RANGES,    /* ranges of one kind: @range_kind */
  GANDER_ROW_COUNTER,   /* @counter */
  GANDER_ROW_GROUP,     /* goroutines under one heading: @group, or RUNTIME */
  GANDER_ROW_LANE,      /* @lane */
  GANDER_ROW_REGIONS,   /* regions of @lane with @depth_of_regions */
  GANDER_ROW_TASK_TYPE, /* tasks of the type @name */
  GANDER_ROW_TASK,      /* one task, @task is its row in the index */
  GANDER_ROW_MORE,      /* "1,084 more — show all" */
  GANDER_ROW_HIDDEN,    /* "12 lanes hidden — show" */
  GANDER_N_ROW_KINDS,
} GanderRowKind;

#define GANDER_ROW_NONE      G_MAXUINT32
#define GANDER_GROUP_ALL     G_MAXUINT32
#define GANDER_GROUP_RUNTIME (G_MAXUINT32 - 1)
#define GANDER_GROUP_OTHER   (G_MAXUINT32 - 2) /* a heading that is no group of the index */

typedef enum
{
  GANDER_GROUP_BY_FUNCTION,
  GANDER_GROUP_BY_CREATOR, /* the function that created them */
  GANDER_GROUP_BY_STATE,   /* at the end of what is in view when it was chosen: @at */
  GANDER_GROUP_BY_PROC,    /* the processor they ran on last */
  GANDER_GROUP_BY_TASK,    /* type of the first task a region of theirs belongs to */
  GANDER_GROUP_BY_NONE,
  GANDER_N_GROUP_BYS,
} GanderGroupBy;

typedef enum
{
  GANDER_ROW_SORT_RUNNING,
  GANDER_ROW_SORT_BLOCKED,
  GANDER_ROW_SORT_RUNNABLE,
  GANDER_ROW_SORT_LONGEST_WAIT,
  GANDER_ROW_SORT_COUNT, /* spans */
  GANDER_ROW_SORT_FIRST_SEEN,
  GANDER_ROW_SORT_ID,
  GANDER_ROW_SORT_NAME,
  GANDER_N_ROW_SORTS,
} GanderRowSort;

typedef struct
{
  GanderRowKind kind;
  GanderSection section;
  guint8 indent;     /* levels */
  gboolean openable; /* has a disclosure triangle */
  gboolean open;
  int height;                 /* px */
  GanderLaneId lane;          /* LANE, REGIONS; else NONE */
  guint32 group;              /* GROUP and what is in it; GANDER_GROUP_ALL on sections */
  guint32 task;               /* TASK: row in the index; TASK_TYPE: its first */
  guint32 n;                  /* members of what is openable, remaining of MORE, hidden of HIDDEN */
  guint16 region_depth;       /* REGIONS */
  GanderRangeKind range_kind; /* RANGES */
  GanderCounter counter;      /* COUNTER */
  const char *name;           /* (transfer none) heading; "" on lanes */
  guint64 key;                /* the same for the same thing after every change of the rows */
} GanderRow;

typedef struct
{
  GanderGroupBy group_by;
  GanderRowSort sort;
  gboolean reverse;
  gboolean compact;
  gboolean no_runtime; /* leave the runtime's own goroutines out */
  guint sections;      /* (1 << GanderSection) of the sections to leave out */
  GanderTime at;       /* for GROUP_BY_STATE */
  double text_scale;   /* of the system font; 0 = 1 */
  int counter_height;  /* px; 0 = usual */
} GanderRowOptions;

typedef struct _GanderRows GanderRows;

/* Returns: (transfer full) the rows of @index with usual options; keeps a reference to it. */
GanderRows *gander_rows_new (GanderIndex *index) G_GNUC_WARN_UNUSED_RESULT;
/* As gander_rows_new (), without what takes longer the larger a trace is: the section of user
 * tasks, which is the last, and log messages. GANDER_ROW_CHANGE_COMPLETE adds both. */
GanderRows *gander_rows_new_quick (GanderIndex *index) G_GNUC_WARN_UNUSED_RESULT;
GanderRows *gander_rows_ref (const GanderRows *self);
void gander_rows_unref (GanderRows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderRows, gander_rows_unref)

/* Returns: (transfer none) the index the rows are of. */
GanderIndex *gander_rows_get_index (const GanderRows *self);

void gander_rows_set_options (GanderRows *self, const GanderRowOptions *options);
const GanderRowOptions *gander_rows_get_options (const GanderRows *self);

/* Takes over the options of @other, what is open in it and which goroutines are pinned: @other is
 * of the beginning of the same trace. */
void gander_rows_follow (GanderRows *self, const GanderRows *other);

guint32 gander_rows_get_n (const GanderRows *self);
/* The first rows are pinned: they stay while the others scroll. */
guint32 gander_rows_get_n_pinned (const GanderRows *self);
/* Returns: (transfer none) row @row, until the next change. */
const GanderRow *gander_rows_get (const GanderRows *self, guint32 row);
/* Returns: the top of @row, px below the top of row 0; the full height for @row = n. */
gint64 gander_rows_get_y (const GanderRows *self, guint32 row);
/* Returns: the height of all rows, pinned ones included. */
gint64 gander_rows_get_height (const GanderRows *self);
/* Returns: the row at @y, or GANDER_ROW_NONE outside. Binary search. */
guint32 gander_rows_find_y (const GanderRows *self, gint64 y);
/* Returns: the row that shows @lane itself (not a pinned copy, if there is another), else the
 * closed group that holds it, else GANDER_ROW_NONE. */
guint32 gander_rows_find_lane (const GanderRows *self, GanderLaneId lane);
guint32 gander_rows_find_key (const GanderRows *self, guint64 key);

/* Opens or closes the thing with @key. */
void gander_rows_set_open (GanderRows *self, guint64 key, gboolean open);
/* The "N more" row @key becomes the rows it stands for. */
void gander_rows_show_all (GanderRows *self, guint64 key);
void gander_rows_set_all_open (GanderRows *self, gboolean open);
/* Opens what holds @lane, and lists it even beyond the first 200. Returns: its row. */
guint32 gander_rows_reveal (GanderRows *self, GanderLaneId lane);

void gander_rows_set_pinned (GanderRows *self, GanderLaneId lane, gboolean pinned);
gboolean gander_rows_get_pinned (const GanderRows *self, GanderLaneId lane);
void gander_rows_set_hidden (GanderRows *self, GanderLaneId lane, gboolean hidden);
void gander_rows_show_hidden (GanderRows *self);

/* A change that is made later, or on another thread. */
typedef enum
{
  GANDER_ROW_CHANGE_OPTIONS,
  GANDER_ROW_CHANGE_OPEN,     /* @key is open if @on */
  GANDER_ROW_CHANGE_ALL_OPEN, /* @on */
  GANDER_ROW_CHANGE_SHOW_ALL, /* behind @key */
  GANDER_ROW_CHANGE_REVEAL,   /* @lane */
  GANDER_ROW_CHANGE_PINNED,   /* @lane is pinned if @on */
  GANDER_ROW_CHANGE_HIDDEN,   /* @lane is hidden if @on */
  GANDER_ROW_CHANGE_SHOW_HIDDEN,
  GANDER_ROW_CHANGE_COMPLETE, /* what gander_rows_new_quick () left out */
  GANDER_N_ROW_CHANGES,
} GanderRowChangeKind;

typedef struct
{
  GanderRowChangeKind kind;
  GanderRowOptions options;
  guint64 key;
  GanderLaneId lane;
  gboolean on;
} GanderRowChange;

/* Returns: (transfer full) rows like @self after @changes, in their order. May take a second for
 * a million goroutines. One call at a time for rows that come from one another. */
GanderRows *gander_rows_new_changed (const GanderRows *self,
                                     const GanderRowChange *changes,
                                     guint n) G_GNUC_WARN_UNUSED_RESULT;

/* Lists only these goroutines (ascending); @lanes NULL lists all again. Groups left without a
 * member go away; processors, threads and tasks stay. */
void gander_rows_set_filter (GanderRows *self, const GanderLaneId *lanes, guint32 n);

/* Returns: @out, the heading in the label column: "G37", "Garbage collector", "main.worker". */
const char *gander_rows_get_title (const GanderRows *self, guint32 row, char *out, gsize size);

/* Returns: (transfer none) (array length=n) the lanes under a group row in the order of the rows.
 */
const GanderLaneId *gander_rows_get_members (const GanderRows *self, guint32 row, guint32 *n);

/* Returns: (transfer none) something that is the same for rows whose groups have the same members,
 * while these rows are there. */
gconstpointer gander_rows_get_grouping (const GanderRows *self);

/* Returns: TRUE unless they are as gander_rows_new_quick () made them. */
gboolean gander_rows_is_complete (const GanderRows *self);

/* Returns: (transfer none) (array length=n) the rows in the index of the log messages of @lane. */
const guint32 *gander_rows_get_logs (const GanderRows *self, GanderLaneId lane, guint32 *n);

/* The tasks of one type, or of all types. */
typedef struct
{
  GanderStringId type;
  const char *name; /* (transfer none) */
  guint32 n;
  guint32 first;        /* row in the index of the one that began first */
  guint32 *members;     /* (owned) (nullable) rows in the index, by id; NULL = all there are */
  gboolean complete;    /* what follows is there */
  guint32 *tasks;       /* (owned) rows in the index, by begin */
  GanderTime *ends;     /* (owned) the latest end among the tasks up to each */
  guint32 n_steps;      /* of the number in flight */
  GanderPoint *steps;   /* (owned) */
  GanderTime *integral; /* (owned) task-nanoseconds up to each step */
  guint32 most;         /* in flight at once */
} GanderTaskType;

/* Returns: (transfer none) (nullable) the tasks of a TASK_TYPE row, or all for the section. */
const GanderTaskType *gander_rows_get_tasks (const GanderRows *self, guint32 row);

/* When a task began and ended, clipped to the trace. */
void gander_rows_get_task_time (const GanderRows *self,
                                const GanderTask *task,
                                GanderTime *begin,
                                GanderTime *end);

G_END_DECLS
