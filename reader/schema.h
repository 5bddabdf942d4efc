/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The rows of the index file, as they lie in it. Private to reader/. Rows that are public
 * structs too are asserted here to have the size that FORMAT.md states: they hold no pointers,
 * and their padding is written as zero.
 */

#include "reader/block-view.h"
#include "reader/damage.h"
#include "reader/event.h"
#include "reader/types.h"

G_BEGIN_DECLS

#define GANDER_INDEX_VERSION     8
#define GANDER_INDEX_HEADER_SIZE 4096
#define GANDER_INDEX_ALIGNMENT   64
#define GANDER_INDEX_MAGIC       "GANDERIX"
#define GANDER_INDEX_ENDIANNESS  0x01020304u
#define GANDER_INDEX_COMPLETE    0x454e4f44u
#define GANDER_INDEX_PAGE        4096 /* bytes of a section with a checksum of their own */
#define GANDER_BLOCK_SLACK       8    /* zero bytes after the last one: loads may overrun */
/* No time is later; above the 2^62 at which times of damaged traces are cut off. */
#define GANDER_INDEX_TIME_MAX (G_GUINT64_CONSTANT (3) << 61)

typedef enum
{
#define SECTION(NAME, id, type) GANDER_SECTION_##NAME,
#include "reader/schema.def"
#undef SECTION
  GANDER_N_SECTIONS,
} GanderSection;

typedef struct
{
  guint32 kind;
  guint32 first_sum; /* row of page-sums: of its first page */
  guint64 offset;
  guint64 size;  /* bytes */
  guint64 count; /* rows */
} GanderSectionEntry;

/* Which trace an index is of. */
typedef struct
{
  guint64 size;
  gint64 mtime_ns;
  guint8 digest[32]; /* SHA-256 of the first and last 64 KiB */
} GanderIdentity;

typedef struct
{
  char magic[8];
  guint32 version;
  guint32 endianness;
  char program[16];
  GanderIdentity identity;
  guint32 n_sections;
  guint32 crc;      /* of the whole header with this field 0 */
  guint32 sums_crc; /* of page-sums */
  guint32 zero;
  GanderSectionEntry sections[GANDER_N_SECTIONS];
} GanderIndexHeader;

typedef struct
{
  char magic[8];
  guint64 size; /* of the whole file, footer included */
  guint32 header_crc;
  guint32 complete;
} GanderIndexFooter;

typedef struct
{
  gint64 duration;
  gint64 start_clock_ns;
  gint64 wall_ns;
  guint64 bytes;
  guint64 n_events;
  guint64 n_transitions;
  guint32 go_version;
  guint32 newer_format;
  guint32 n_goroutines;
  guint32 n_procs;
  guint32 n_threads;
  guint32 gomaxprocs;
  guint32 starts_midway;
  guint32 has_label_totals;
  guint32 first_range[GANDER_N_RANGE_KINDS + 1];
  guint32 first_point[GANDER_N_COUNTERS + 1];
  GanderRangeSum ranges[GANDER_N_RANGE_KINDS]; /* what of them is within the trace */
} GanderFactsRow;

#define GANDER_N_GO_STATES (GANDER_PROC_IDLE + 1)

/* Events by kind, transitions by the states before and after. */
typedef struct
{
  guint64 events[GANDER_N_EVENT_KINDS];
  guint64 goroutines[GANDER_N_GO_STATES][GANDER_N_GO_STATES];
  guint64 procs[GANDER_N_GO_STATES][GANDER_N_GO_STATES];
} GanderCountsRow;

/* A goroutine that existed before the trace. Sorted by lane. */
typedef struct
{
  guint32 lane;
  guint32 zero;
  gint64 time;
} GanderFirstSeenRow;

/* What a span is, apart from when and with whom. */
typedef struct
{
  guint8 state;
  guint8 cause;
  guint8 flags;
  guint8 zero;
  guint32 reason;
  guint32 stack;
} GanderKindRow;

typedef struct
{
  gint64 id;
  gint64 begin;
  gint64 end;
  guint64 block; /* n_spans <= 64: offset of the only block, else the first number in summaries */
  guint32 life;
  guint32 creator;
  guint32 creation_stack;
  guint32 n_spans;
  guint32 group; /* goroutines */
  guint32 first_wakeup;
  guint32 first_extreme;
  guint16 states; /* of which its summary has times, a bit each; 0 = one block, no summary */
  guint8 kind;
  guint8 flags;
} GanderLaneRow;

typedef struct
{
  guint32 name;
  guint32 n_lanes;
  guint32 first_lane; /* in group-lanes */
  guint32 first_total;
  guint32 n_totals;
  guint32 system;
  gint64 total[GANDER_N_STATES];
} GanderGroupRow;

/* All spans of one kind in one group. */
typedef struct
{
  guint64 count;
  guint64 open;
  gint64 total;
  gint64 longest;
  guint32 group;
  guint32 kind;
} GanderTotalRow;

/* The waits of one kind with the same labels: of a goroutine where there are few, else of a group.
 */
typedef struct
{
  guint32 owner; /* goroutine or group */
  guint32 kind;
  guint32 task; /* type, as the region's */
  guint32 region;
  guint64 count;
  gint64 total;
} GanderLabelTotalRow;

/* Running totals per state at the edges of equal cells: n_cells + 1 rows of as many columns as
 * @states has bits. */
typedef struct
{
  guint32 group; /* G_MAXUINT32 = all goroutines */
  guint32 n_cells;
  gint64 width;  /* ns */
  guint64 first; /* in grid-cells */
  guint32 states;
  guint32 zero;
} GanderGridRow;

/* The rows of packed tables that are not public structs: see packed.h. */

typedef struct
{
  GanderRange range;
  gint64 latest; /* end up to here, of its kind */
} GanderRangeRow;

/* The waker follows from the lanes' first rows. */
typedef struct
{
  gint64 time;
  guint32 wakee;
  guint32 created;
} GanderWakeupRow;

/* Columns of packed tables that are searched. */
enum
{
  GANDER_TASK_COLUMN_ID = 0,
  GANDER_REGION_COLUMN_LANE = 0,
  GANDER_REGION_COLUMN_BEGIN = 4,
  GANDER_WAKEUP_COLUMN_TIME = 0,
  GANDER_FIRST_SEEN_COLUMN_LANE = 0,
  GANDER_RANGE_COLUMN_LATEST = 2,
};

/* A piece of a thread's lane: blocks of its own, or of the processor it held. Only the last one may
 * have fewer than 64 spans. */
typedef struct
{
  gint64 begin;
  guint64 place;   /* of one block its offset; of more of them the first number in summaries, and
                      the states that these have from bit 48 on */
  guint32 ordinal; /* of the first span */
  guint32 block;   /* number of the first block in the thread's lane */
} GanderPieceRow;

#define GANDER_PIECE_STATES 48

/* What comes before the columns of a block. */
typedef struct
{
  guint8 n;     /* spans; with GANDER_BLOCK_HAS_BEGIN */
  guint8 times; /* bytes of a length, << 4: of a gap */
  guint8 kinds; /* bytes of a kind, << 4: of a partner */
  guint8 links; /* bytes of a waker */
} GanderBlockHeader;

#define GANDER_BLOCK_HAS_BEGIN 0x80 /* the begin of the first span follows */

G_STATIC_ASSERT (sizeof (GanderIndexHeader) <= GANDER_INDEX_HEADER_SIZE);
G_STATIC_ASSERT (sizeof (GanderBlockHeader) == 4);
G_STATIC_ASSERT (sizeof (GanderKindRow) == 12);
G_STATIC_ASSERT (sizeof (GanderPieceRow) == 24);
G_STATIC_ASSERT (sizeof (GanderLaneRow) == 64);
G_STATIC_ASSERT (sizeof (GanderGroupRow) == 104);
G_STATIC_ASSERT (sizeof (GanderTotalRow) == 40);
G_STATIC_ASSERT (sizeof (GanderLabelTotalRow) == 32);
G_STATIC_ASSERT (sizeof (GanderGridRow) == 32);
G_STATIC_ASSERT (sizeof (GanderRangeSum) == 24);
G_STATIC_ASSERT (sizeof (GanderFrame) == 24);
G_STATIC_ASSERT (sizeof (GanderGeneration) == 56);
G_STATIC_ASSERT (sizeof (GanderDamage) == 72);
G_STATIC_ASSERT (sizeof (GanderPoint) == 16);
G_STATIC_ASSERT (sizeof (GanderRuntimeMetric) == 48);

/* Which column of a block the link of a span is in: those that wait for nobody in particular have
 * none; RUNNABLE ones have a waker, all others a partner. */
typedef enum
{
  GANDER_LINK_NONE,
  GANDER_LINK_PARTNER,
  GANDER_LINK_WAKER,
  GANDER_N_LINKS
} GanderLinkColumn;

extern const guint8 gander_link_columns[GANDER_N_STATES]; /* GanderLinkColumn by state */

/* Returns: bytes of one row of @section. */
gsize gander_section_get_row_size (GanderSection section);

G_END_DECLS
