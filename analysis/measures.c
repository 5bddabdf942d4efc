/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A group is a list of measures that one computation answers; names are its prefix and an id. What
 * a computation found is kept, so that ten conditions on one profile cost one walk. */
#include "analysis/measures.h"

#include "analysis/duration.h"
#include "analysis/figures.h"
#include "analysis/leaks.h"
#include "analysis/mmu.h"
#include "analysis/profile.h"
#include "analysis/quantiles.h"
#include "analysis/regions.h"
#include "analysis/stats.h"
#include "analysis/summary.h"
#include "analysis/tasks.h"

#include <string.h>

#define N_(text) text

typedef struct
{
  guint group;
  guint row;      /* of the group's rows */
  guint variant;  /* of the group */
  char *name;     /* as it was asked for */
  char *selector; /* or NULL */
} Measure;

struct _GanderMeasures
{
  GanderIndex *index; /* (unowned) */
  GanderTime begin;
  GanderTime end;
  GCancellable *cancellable;
  GArray *measures; /* of Measure */

  gboolean has_summary;
  GanderSummary summary;
  gboolean has_waits[GANDER_N_PROFILES];
  GanderProfileFigures waits[GANDER_N_PROFILES];
  GanderTasks *tasks;
  GanderRegions *regions;
  GanderMmu *mmu;
  GArray *leaks;
};

typedef struct
{
  const char *id;
  GanderColumnType type;
  const char *meaning;
} Row;

/* Returns: FALSE with G_IO_ERROR_CANCELLED. */
typedef gboolean (*Compute) (GanderMeasures *self,
                             const Measure *measure,
                             GanderValue *out,
                             gboolean *known,
                             GError **error);

typedef struct
{
  const char *name;
  const char *about;
  gboolean selects;
  const Row *rows;
  guint n_rows;
  Compute compute;
  guint variant;
} Group;

#define ROW(id, unit, meaning, value) { id, GANDER_COLUMN_##unit, meaning },

static const Row trace_rows[] = {
#define TRACE ROW
#include "analysis/measures.def"
};

static const Row figure_rows[] = {
#define FIGURE ROW
#include "analysis/measures.def"
};

static const Row leak_rows[] = {
#define LEAKS ROW
#include "analysis/measures.def"
};

static const Row mmu_rows[] = {
#define MMU ROW
#include "analysis/measures.def"
};

static const Row group_rows[] = {
#define GROUP ROW
#include "analysis/measures.def"
};

static const Row wait_rows[] = {
#define WAITS ROW
#include "analysis/measures.def"
};

static const Row time_rows[] = {
#define TIMES ROW
#include "analysis/measures.def"
};

static const GanderFigure figures[] = {
#define FIGURE(id, unit, meaning, figure) GANDER_FIGURE_##figure,
#include "analysis/measures.def"
};

/* The type says which of the two is meant. */
#define VALUE(id, unit, meaning, value) \
  { .type = GANDER_COLUMN_##unit, .integer = (gint64)(value), .share = (double)(value) },

static gboolean
need_summary (GanderMeasures *self, GError **error)
{
  self->has_summary = self->has_summary || gander_summary_compute (self->index,
                                                                   self->begin,
                                                                   self->end,
                                                                   &self->summary,
                                                                   self->cancellable,
                                                                   error);
  return self->has_summary;
}

static gboolean
compute_trace (GanderMeasures *self,
               const Measure *measure,
               GanderValue *out,
               gboolean *known,
               GError **error)
{
  const GanderSummary *s = &self->summary;

  (void)known;
  if (!need_summary (self, error))
    return FALSE;
  {
    const GanderValue values[] = {
#define TRACE VALUE
#include "analysis/measures.def"
    };

    *out = values[measure->row];
  }
  return TRUE;
}

static gboolean
compute_figure (GanderMeasures *self,
                const Measure *measure,
                GanderValue *out,
                gboolean *known,
                GError **error)
{
  double value = 0;

  (void)known;
  if (!gander_figure_compute (self->index,
                              self->begin,
                              self->end,
                              figures[measure->row],
                              NULL,
                              &value,
                              error))
    return FALSE;
  out->share = value;
  out->integer = (gint64)value;
  return TRUE;
}

static gboolean
need_waits (GanderMeasures *self, GanderProfileKind kind, GError **error)
{
  const GanderProfileOptions options = { .kind = kind, .percentiles = TRUE };
  g_autoptr (GanderScope) scope = NULL;
  g_autoptr (GanderProfile) profile = NULL;

  if (self->has_waits[kind])
    return TRUE;
  scope = gander_scope_new (self->index, self->begin, self->end);
  profile = gander_profile_compute (self->index, scope, &options, self->cancellable, error);
  if (profile == NULL)
    return FALSE;
  self->waits[kind] = *gander_profile_get_sum (profile);
  self->has_waits[kind] = TRUE;
  return TRUE;
}

static void
read_times (const GanderQuantiles *q, guint row, GanderValue *out)
{
  const GanderValue values[] = {
#define TIMES VALUE
#include "analysis/measures.def"
  };

  *out = values[row];
}

/* Reads the measure from @durations when they are those of the type it selects.
 *
 * Returns: whether they are. */
static gboolean
read_type (const GanderMeasures *self,
           const Measure *measure,
           GanderStringId type,
           const GanderQuantiles *durations,
           GanderValue *out)
{
  if (!g_str_equal (gander_index_get_string (self->index, type), measure->selector))
    return FALSE;
  read_times (durations, measure->row, out);
  return TRUE;
}

static gboolean
compute_task (GanderMeasures *self,
              const Measure *measure,
              GanderValue *out,
              gboolean *known,
              GError **error)
{
  GanderUserFilter filter = { .begin = self->begin, .end = self->end };
  const GanderTaskTypeRow *types;
  guint32 n;

  if (self->tasks == NULL)
    self->tasks = gander_tasks_compute (self->index, &filter, self->cancellable, error);
  if (self->tasks == NULL)
    return FALSE;
  types = gander_tasks_get_types (self->tasks, &n);
  *known = FALSE;
  for (guint32 i = 0; i < n && !*known; i++)
    *known = read_type (self, measure, types[i].type, &types[i].durations, out);
  return TRUE;
}

static gboolean
compute_region (GanderMeasures *self,
                const Measure *measure,
                GanderValue *out,
                gboolean *known,
                GError **error)
{
  GanderUserFilter filter = { .begin = self->begin, .end = self->end };
  const GanderRegionRow *types;
  guint32 n;

  if (self->regions == NULL)
    self->regions = gander_regions_compute (self->index, &filter, self->cancellable, error);
  if (self->regions == NULL)
    return FALSE;
  types = gander_regions_get_by_type (self->regions, &n);
  *known = FALSE;
  for (guint32 i = 0; i < n && !*known; i++)
    *known = read_type (self, measure, types[i].type, &types[i].durations, out);
  return TRUE;
}

static gboolean
compute_leaks (GanderMeasures *self,
               const Measure *measure,
               GanderValue *out,
               gboolean *known,
               GError **error)
{
  (void)measure;
  (void)known;
  if (self->leaks == NULL)
    self->leaks = gander_leaks_find (self->index, self->begin, self->end, self->cancellable, error);
  if (self->leaks == NULL)
    return FALSE;
  out->integer = self->leaks->len;
  return TRUE;
}

/* The length of the window is the end of the name, "mmu.1ms". */
static gboolean
compute_mmu (GanderMeasures *self,
             const Measure *measure,
             GanderValue *out,
             gboolean *known,
             GError **error)
{
  GanderTime window = 0;

  if (self->mmu == NULL)
    self->mmu = gander_mmu_new (self->index, self->begin, self->end, self->cancellable, error);
  if (self->mmu == NULL)
    return FALSE;
  *known = gander_mmu_is_known (self->mmu) &&
           gander_duration_parse (strrchr (measure->name, '.') + 1, &window, NULL);
  out->share = *known ? gander_mmu_get (self->mmu, window, NULL) : 0;
  return TRUE;
}

static gboolean
compute_group (GanderMeasures *self,
               const Measure *measure,
               GanderValue *out,
               gboolean *known,
               GError **error)
{
  g_autoptr (GanderScope) scope = gander_scope_new (self->index, self->begin, self->end);
  g_autoptr (GanderStats) stats = NULL;
  GanderStatsRow row;
  g_autoptr (GError) trouble = NULL;

  stats =
      gander_stats_new (self->index, scope, GANDER_STATS_BY_FUNCTION, 0, self->cancellable, error);
  if (stats == NULL)
    return FALSE;
  *known = FALSE;
  while (gander_stats_next (stats, &row, self->cancellable, &trouble))
    {
      const GanderTimes *t = row.times;
      const GanderValue values[] = {
#define GROUP VALUE
#include "analysis/measures.def"
      };

      if (!g_str_equal (row.name, measure->selector))
        continue;
      *out = values[measure->row];
      *known = TRUE;
      return TRUE;
    }
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

enum
{
  PAUSES_ALL,
  PAUSES_GC,
};

static gboolean
compute_waits (GanderMeasures *self,
               const Measure *measure,
               GanderValue *out,
               gboolean *known,
               GError **error)
{
  GanderProfileKind kind = (GanderProfileKind)measure->variant;
  const GanderProfileFigures *f = &self->waits[kind];
  GanderTime life;

  (void)known;
  if (!need_waits (self, kind, error) || !need_summary (self, error))
    return FALSE;
  life = self->summary.times.total;
  {
    const GanderValue values[] = {
#define WAITS VALUE
#include "analysis/measures.def"
    };

    *out = values[measure->row];
  }
  return TRUE;
}

/* Pauses of the whole program; the one in which tracing starts is not the program's. */
static gboolean
compute_pauses (GanderMeasures *self,
                const Measure *measure,
                GanderValue *out,
                gboolean *known,
                GError **error)
{
  g_auto (GanderDurations) durations = { 0 };
  GanderQuantiles quantiles;
  guint32 n = gander_index_get_n_ranges (self->index, GANDER_RANGE_STW);
  guint32 row = gander_query_find_range (self->index, GANDER_RANGE_STW, self->begin);

  (void)known;
  (void)error;
  for (; row < n; row++)
    {
      GanderRange range;
      const char *name;

      gander_index_get_range (self->index, GANDER_RANGE_STW, row, &range);
      if (range.begin >= self->end)
        break;
      name = gander_index_get_string (self->index, range.name);
      if (range.end <= self->begin || strstr (name, "(start trace)") != NULL ||
          (measure->variant == PAUSES_GC && strstr (name, "GC") == NULL))
        continue;
      gander_durations_add (&durations,
                            MIN (range.end, self->end) - MAX (range.begin, self->begin));
    }
  gander_durations_get_quantiles (&durations, &quantiles);
  read_times (&quantiles, measure->row, out);
  return TRUE;
}

#define ROWS(rows) rows, G_N_ELEMENTS (rows)

/* clang-format off */
static const Group groups[] = {
  { "", "", FALSE, ROWS (trace_rows), compute_trace, 0 },
  { "", "", FALSE, ROWS (figure_rows), compute_figure, 0 },
  { "", "", FALSE, ROWS (leak_rows), compute_leaks, 0 },
  { "gc", "", FALSE, ROWS (mmu_rows), compute_mmu, 0 },
  { "sched", N_ ("waits for a processor"), FALSE, ROWS (wait_rows), compute_waits, GANDER_PROFILE_SCHED },
  { "sync", N_ ("waits for channels, locks, select"), FALSE, ROWS (wait_rows), compute_waits, GANDER_PROFILE_SYNC },
  { "net", N_ ("waits for the network"), FALSE, ROWS (wait_rows), compute_waits, GANDER_PROFILE_NET },
  { "syscall", N_ ("system calls"), FALSE, ROWS (wait_rows), compute_waits, GANDER_PROFILE_SYSCALL },
  { "waker", N_ ("waits that a goroutine ended"), FALSE, ROWS (wait_rows), compute_waits, GANDER_PROFILE_WAKER },
  { "gc.stw", N_ ("pauses of the program for the collector"), FALSE, ROWS (time_rows), compute_pauses, PAUSES_GC },
  { "stw", N_ ("pauses of the program, but for the tracer's own"), FALSE, ROWS (time_rows), compute_pauses, PAUSES_ALL },
  { "task", N_ ("tasks of a type"), TRUE, ROWS (time_rows), compute_task, 0 },
  { "region", N_ ("regions of a type"), TRUE, ROWS (time_rows), compute_region, 0 },
  { "func", N_ ("goroutines that start at a function"), TRUE, ROWS (group_rows), compute_group, 0 },
};
/* clang-format on */

static void
get_spec (const Group *group, guint row, GanderMeasureSpec *out)
{
  *out = (GanderMeasureSpec){
    .group = group->name,
    .selects = group->selects,
    .id = group->rows[row].id,
    .about = group->about,
    .meaning = group->rows[row].meaning,
    .type = group->rows[row].type,
  };
}

void
gander_measures_foreach (void (*visit) (const GanderMeasureSpec *spec, gpointer data),
                         gpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    for (guint row = 0; row < groups[i].n_rows; row++)
      {
        GanderMeasureSpec spec;

        get_spec (&groups[i], row, &spec);
        visit (&spec, data);
      }
}

char *
gander_measure_spec_get_name (const GanderMeasureSpec *spec, const char *selector)
{
  if (spec->selects)
    return g_strdup_printf ("%s(\"%s\").%s", spec->group, selector, spec->id);
  return g_strconcat (spec->group, *spec->group == '\0' ? "" : ".", spec->id, NULL);
}

static void
measure_clear (gpointer data)
{
  Measure *measure = data;

  g_free (measure->name);
  g_free (measure->selector);
}

GanderMeasures *
gander_measures_new (GanderIndex *index,
                     GanderTime begin,
                     GanderTime end,
                     GCancellable *cancellable)
{
  GanderMeasures *self = g_new0 (GanderMeasures, 1);

  self->index = index;
  self->begin = begin;
  self->end = end;
  self->cancellable = cancellable;
  self->measures = g_array_new (FALSE, FALSE, sizeof (Measure));
  g_array_set_clear_func (self->measures, measure_clear);
  return self;
}

void
gander_measures_free (GanderMeasures *self)
{
  g_clear_pointer (&self->tasks, gander_tasks_free);
  g_clear_pointer (&self->regions, gander_regions_free);
  g_clear_pointer (&self->mmu, gander_mmu_free);
  g_clear_pointer (&self->leaks, g_array_unref);
  g_array_unref (self->measures);
  g_free (self);
}

/* Splits @name for @group: the id, and a copy of the selector.
 *
 * Returns: (transfer none) (nullable) NULL when it does not belong there. */
static const char *
match_group (const Group *group, const char *name, char **selector)
{
  gsize size = strlen (group->name);
  const char *end;

  if (!g_str_has_prefix (name, group->name))
    return NULL;
  if (size == 0)
    return name;
  if (!group->selects)
    return name[size] == '.' ? name + size + 1 : NULL;
  if (!g_str_has_prefix (name + size, "(\""))
    return NULL;
  end = strstr (name + size + 2, "\").");
  if (end == NULL)
    return NULL;
  *selector = g_strndup (name + size + 2, (gsize)(end - name) - size - 2);
  return end + 3;
}

static int
add_measure (GanderMeasures *self, guint group, guint row, const char *name, const char *selector)
{
  Measure measure = {
    .group = group,
    .row = row,
    .variant = groups[group].variant,
    .name = g_strdup (name),
    .selector = g_strdup (selector),
  };

  g_array_append_val (self->measures, measure);
  return (int)self->measures->len - 1;
}

/* Whether @id names a row, or any other window of the utilisation. */
static gboolean
is_row (const Group *group, guint row, const char *id)
{
  GanderTime window;

  if (g_str_equal (group->rows[row].id, id))
    return TRUE;
  return group->rows == mmu_rows && g_str_has_prefix (id, "mmu.") &&
         gander_duration_parse (id + strlen ("mmu."), &window, NULL) && window > 0;
}

int
gander_measures_find (GanderMeasures *self, const char *name, GanderColumnType *type)
{
  for (guint i = 0; i < self->measures->len; i++)
    {
      const Measure *measure = &g_array_index (self->measures, Measure, i);

      if (!g_str_equal (measure->name, name))
        continue;
      *type = groups[measure->group].rows[measure->row].type;
      return (int)i;
    }
  for (guint group = 0; group < G_N_ELEMENTS (groups); group++)
    {
      g_autofree char *selector = NULL;
      const char *id = match_group (&groups[group], name, &selector);

      for (guint row = 0; id != NULL && row < groups[group].n_rows; row++)
        if (is_row (&groups[group], row, id))
          {
            *type = groups[group].rows[row].type;
            return add_measure (self, group, row, name, selector);
          }
    }
  return -1;
}

gboolean
gander_measures_get (GanderMeasures *self,
                     int number,
                     GanderValue *out,
                     gboolean *known,
                     GError **error)
{
  const Measure *measure;
  const Group *group;

  g_return_val_if_fail (number >= 0 && (guint)number < self->measures->len, FALSE);
  measure = &g_array_index (self->measures, Measure, number);
  group = &groups[measure->group];
  *out = (GanderValue){ .type = group->rows[measure->row].type };
  *known = TRUE;
  return group->compute (self, measure, out, known, error);
}
