/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of a GanderSpans, and what it knows of the texts of a trace. */
#include "reader/spans-private.h"

#include <string.h>

#define DAMAGE_LIMIT 65536 /* rows */

static void
add_event (gpointer self, const GanderEvent *event)
{
  gander_spans_add (self, event);
}

static void
add_generation (gpointer data, const GanderGeneration *generation)
{
  GanderSpans *self = data;

  g_array_append_val (self->generations, *generation);
}

static void
add_damage (gpointer data, const GanderDamage *damage)
{
  GanderSpans *self = data;
  GanderDamage row;

  if (self->damage->len >= DAMAGE_LIMIT)
    return;
  /* Member by member: the padding must be zero in the file. */
  memset (&row, 0, sizeof row);
  row.code = damage->code;
  row.offset = damage->offset;
  row.size = damage->size;
  row.generation = damage->generation;
  row.thread = damage->thread;
  row.begin = damage->begin;
  row.end = damage->end;
  row.events_lost = damage->events_lost;
  row.count = damage->count;
  g_array_append_vals (self->damage, &row, 1);
}

const GanderSink gander_spans_sink = {
  .event = add_event,
  .generation = add_generation,
  .damage = add_damage,
};

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const GanderRange *x = a;
  const GanderRange *y = b;

  return x->end < y->end ? -1 : x->end > y->end;
}

static int
compare_regions (gconstpointer a, gconstpointer b)
{
  const GanderRegion *x = a;
  const GanderRegion *y = b;

  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  /* Begun together means begun before the lane was seen: the one that ends last is outside. */
  if (x->end != y->end)
    return x->end > y->end ? -1 : 1;
  return x->depth < y->depth ? -1 : x->depth > y->depth;
}

#define BY(type, member) .offset = offsetof (type, member), .size = sizeof (((type *)NULL)->member)

/* What is wanted in another order than it comes. */
static const GanderRowOrder range_order = { BY (GanderRange, begin),
                                            .has_sign = TRUE,
                                            .compare = compare_ranges };
static const GanderRowOrder task_order = { BY (GanderTask, id) };
static const GanderRowOrder region_order = { BY (GanderRegion, lane), .compare = compare_regions };
static const GanderRowOrder wakeup_order = { BY (GanderWakeupNote, waker) };

void
gander_spans_init (GanderSpans *self,
                   GanderIndexFile *file,
                   GanderDictionary *dictionary,
                   const char *directory)
{
  static const char unknown[] = "(unknown)";

  *self = (GanderSpans){ .file = file,
                         .dictionary = dictionary,
                         .directory = directory,
                         .goroutines = GANDER_PAGES_INIT (GanderGo),
                         .procs = GANDER_PAGES_INIT (GanderExecutor),
                         .threads = GANDER_PAGES_INIT (GanderExecutor),
                         .open_tasks = GANDER_PAGES_INIT (GanderOpenTask),
                         .open_items = GANDER_PAGES_INIT (GanderOpenItem),
                         .gaps = g_array_new (FALSE, FALSE, sizeof (GanderTime)),
                         .generations = g_array_new (FALSE, FALSE, sizeof (GanderGeneration)),
                         .damage = g_array_new (FALSE, FALSE, sizeof (GanderDamage)),
                         .metrics = g_array_new (FALSE, FALSE, sizeof (GanderRuntimeMetric)),
                         .string_classes = g_array_new (FALSE, TRUE, 1) };
  gander_id_pages_init (&self->goroutine_ids);
  gander_id_map_init (&self->life_of);
  gander_id_map_init (&self->proc_ids);
  gander_id_map_init (&self->thread_ids);
  gander_id_pages_init (&self->task_ids);
  gander_chunks_init (&self->chunks, file, directory);
  for (guint i = 0; i < GANDER_N_RANGE_KINDS; i++)
    {
      gander_row_file_init (&self->ranges[i], sizeof (GanderRange), directory);
      gander_row_file_set_order (&self->ranges[i], &range_order);
    }
  for (guint i = 0; i < GANDER_COUNTER_GOROUTINES; i++)
    gander_row_file_init (&self->points[i], sizeof (GanderPoint), directory);
  gander_row_file_init (&self->lives, sizeof (GanderLife), directory);
  gander_row_file_init (&self->stretches, sizeof (GanderStretch), directory);
  gander_row_file_init (&self->tasks, sizeof (GanderTask), directory);
  gander_row_file_set_order (&self->tasks, &task_order);
  gander_row_file_init (&self->regions, sizeof (GanderRegion), directory);
  gander_row_file_set_order (&self->regions, &region_order);
  gander_row_file_init (&self->logs, sizeof (GanderLog), directory);
  gander_row_file_init (&self->wakeups, sizeof (GanderWakeupNote), directory);
  gander_row_file_set_order (&self->wakeups, &wakeup_order);
  gander_row_file_init (&self->samples, sizeof (GanderSample), directory);
  gander_row_file_init (&self->first_seen, sizeof (GanderFirstSeenRow), directory);
  gander_counter_bins_init (&self->alive);
  gander_counter_bins_init (&self->runnable);
  self->unknown_reason = gander_dictionary_intern_string (dictionary, unknown, sizeof unknown - 1);
}

void
gander_spans_start (GanderSpans *self, gboolean threaded)
{
  GanderRowFile *files[] = { &self->lives, &self->stretches, &self->tasks,   &self->regions,
                             &self->logs,  &self->wakeups,   &self->samples, &self->first_seen };

  gander_chores_start (&self->chores, threaded);
  gander_sealer_start (&self->chunks.sealer, &self->chores);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    gander_row_file_set_chores (files[i], &self->chores);
  for (guint i = 0; i < GANDER_N_RANGE_KINDS; i++)
    gander_row_file_set_chores (&self->ranges[i], &self->chores);
  for (guint i = 0; i < GANDER_COUNTER_GOROUTINES; i++)
    gander_row_file_set_chores (&self->points[i], &self->chores);
}

void
gander_spans_stop (GanderSpans *self)
{
  gander_chunks_stop (&self->chunks);
  gander_chores_stop (&self->chores);
}

void
gander_spans_clear (GanderSpans *self)
{
  gander_spans_stop (self);
  gander_chunks_clear (&self->chunks);
  gander_pages_clear (&self->goroutines);
  gander_pages_clear (&self->procs);
  gander_pages_clear (&self->threads);
  gander_pages_clear (&self->open_tasks);
  gander_pages_clear (&self->open_items);
  gander_id_pages_clear (&self->goroutine_ids);
  gander_id_map_clear (&self->life_of);
  gander_id_map_clear (&self->proc_ids);
  gander_id_map_clear (&self->thread_ids);
  gander_id_pages_clear (&self->task_ids);
  g_clear_pointer (&self->gaps, g_array_unref);
  g_clear_pointer (&self->generations, g_array_unref);
  g_clear_pointer (&self->damage, g_array_unref);
  g_clear_pointer (&self->metrics, g_array_unref);
  g_clear_pointer (&self->string_classes, g_array_unref);
  for (guint i = 0; i < GANDER_N_RANGE_KINDS; i++)
    gander_row_file_clear (&self->ranges[i]);
  for (guint i = 0; i < GANDER_COUNTER_GOROUTINES; i++)
    gander_row_file_clear (&self->points[i]);
  gander_row_file_clear (&self->lives);
  gander_row_file_clear (&self->stretches);
  gander_row_file_clear (&self->tasks);
  gander_row_file_clear (&self->regions);
  gander_row_file_clear (&self->logs);
  gander_row_file_clear (&self->wakeups);
  gander_row_file_clear (&self->samples);
  gander_row_file_clear (&self->first_seen);
  gander_counter_bins_clear (&self->alive);
  gander_counter_bins_clear (&self->runnable);
}

static GanderText
classify (const char *text)
{
  static const struct
  {
    const char *text;
    GanderText meaning;
  } texts[] = {
    { "runtime.Gosched", GANDER_TEXT_GOSCHED },
    { "GC (dedicated)", GANDER_TEXT_MARK_WORKER },
    { "GC (fractional)", GANDER_TEXT_MARK_WORKER },
    { "GC (idle)", GANDER_TEXT_MARK_WORKER },
    { "GC concurrent mark phase", GANDER_TEXT_RANGE_MARK },
    { "GC mark assist", GANDER_TEXT_RANGE_ASSIST },
    { "GC incremental sweep", GANDER_TEXT_RANGE_SWEEP },
    { "/memory/classes/heap/objects:bytes", GANDER_TEXT_METRIC_HEAP },
    { "/gc/heap/goal:bytes", GANDER_TEXT_METRIC_GOAL },
    { "/sched/gomaxprocs:threads", GANDER_TEXT_METRIC_GOMAXPROCS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (texts[i].text, text))
      return texts[i].meaning;
  return g_str_has_prefix (text, "stop-the-world (") ? GANDER_TEXT_RANGE_STW : GANDER_TEXT_OTHER;
}

GanderText
gander_spans_classify (GanderSpans *self, GanderStringId id)
{
  guint8 *class = NULL;

  if (id >= gander_dictionary_get_n_strings (self->dictionary))
    return GANDER_TEXT_OTHER;
  if (id >= self->string_classes->len)
    g_array_set_size (self->string_classes, MAX (id + 1, self->string_classes->len * 2));
  class = &g_array_index (self->string_classes, guint8, id);
  if (*class == GANDER_TEXT_UNSEEN)
    *class = (guint8)classify (gander_dictionary_get_string (self->dictionary, id, NULL));
  return *class;
}

guint32
gander_spans_push_item (GanderSpans *self, guint32 *head, const GanderOpenItem *item)
{
  guint32 row = self->free_item;
  GanderOpenItem *place = NULL;

  if (row != 0)
    {
      place = gander_pages_get (&self->open_items, row - 1);
      self->free_item = place->next;
    }
  else
    {
      place = gander_pages_add (&self->open_items);
      row = self->open_items.n;
    }
  if (place == NULL)
    {
      self->no_memory = TRUE;
      return 0;
    }
  *place = *item;
  place->next = *head;
  *head = row;
  return row;
}

GanderOpenItem
gander_spans_take_item (GanderSpans *self, guint32 *link)
{
  guint32 row = *link;
  GanderOpenItem *place = gander_pages_get (&self->open_items, row - 1);
  GanderOpenItem item = *place;

  *link = item.next;
  place->next = self->free_item;
  self->free_item = row;
  return item;
}
