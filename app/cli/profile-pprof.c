/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile as a pprof file. The parts are packed one by one as they are found, so memory holds the
 * tables of texts, functions and places, and never all samples; the texts come last. */
#include "app/cli/gzip.h"
#include "app/cli/profile-write.h"
#include "profile.pb-c.h"

/* How many bytes are gathered before they are compressed. */
#define CHUNK ((gsize)64 << 10)

typedef struct
{
  const GanderIndex *index;
  GanderGzip *gzip;
  GByteArray *bytes;
  GPtrArray *texts;      /* (unowned) */
  GHashTable *numbers;   /* text to number */
  GHashTable *places;    /* GanderFrame to number of the location */
  GHashTable *functions; /* name and file to number */
} Writer;

static void
flush (Writer *self, gsize limit)
{
  if (self->bytes->len <= limit)
    return;
  gander_gzip_write (self->gzip, self->bytes->data, self->bytes->len);
  g_byte_array_set_size (self->bytes, 0);
}

/* Adds a part of the profile. */
static void
pack (Writer *self, const Pprof__Profile *part)
{
  guint at = self->bytes->len;

  g_byte_array_set_size (self->bytes, at + (guint)pprof__profile__get_packed_size (part));
  pprof__profile__pack (part, self->bytes->data + at);
  flush (self, CHUNK);
}

static gint64
intern (Writer *self, const char *text)
{
  gpointer number = NULL;

  if (g_hash_table_lookup_extended (self->numbers, text, NULL, &number))
    return GPOINTER_TO_INT (number);
  g_hash_table_insert (self->numbers, (gpointer)text, GINT_TO_POINTER ((int)self->texts->len));
  g_ptr_array_add (self->texts, (gpointer)text);
  return (gint64)self->texts->len - 1;
}

static void
write_texts (Writer *self)
{
  for (guint i = 0; i < self->texts->len; i++)
    {
      Pprof__Profile part = PPROF__PROFILE__INIT;
      char *text = g_ptr_array_index (self->texts, i);
      part.n_string_table = 1;
      part.string_table = &text;
      pack (self, &part);
    }
}

static guint
hash_frame (gconstpointer key)
{
  const GanderFrame *frame = key;
  guint64 hash = (frame->pc ^ (frame->line << 40)) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return (guint)(hash >> 32) ^ frame->function ^ (frame->file << 16);
}

static gboolean
is_same_frame (gconstpointer a, gconstpointer b)
{
  const GanderFrame *x = a;
  const GanderFrame *y = b;

  return x->pc == y->pc && x->line == y->line && x->function == y->function && x->file == y->file;
}

/* A function is a name in a file. */
static guint64
get_function (Writer *self, const GanderFrame *frame)
{
  gint64 key = (gint64)((guint64)frame->function << 32 | frame->file);
  gpointer number = g_hash_table_lookup (self->functions, &key);
  Pprof__Profile part = PPROF__PROFILE__INIT;
  Pprof__Function function = PPROF__FUNCTION__INIT;
  Pprof__Function *list = &function;

  if (number != NULL)
    return GPOINTER_TO_UINT (number);
  number = GUINT_TO_POINTER (g_hash_table_size (self->functions) + 1);
  g_hash_table_insert (self->functions, g_memdup2 (&key, sizeof key), number);
  function.id = GPOINTER_TO_UINT (number);
  function.name = intern (self, gander_index_get_string (self->index, frame->function));
  function.system_name = function.name;
  function.filename = intern (self, gander_index_get_string (self->index, frame->file));
  part.n_function = 1;
  part.function = &list;
  pack (self, &part);
  return function.id;
}

static guint64
get_location (Writer *self, const GanderFrame *frame)
{
  gpointer number = g_hash_table_lookup (self->places, frame);
  Pprof__Profile part = PPROF__PROFILE__INIT;
  Pprof__Location location = PPROF__LOCATION__INIT;
  Pprof__Location *list = &location;
  Pprof__Line line = PPROF__LINE__INIT;
  Pprof__Line *lines = &line;

  if (number != NULL)
    return GPOINTER_TO_UINT (number);
  number = GUINT_TO_POINTER (g_hash_table_size (self->places) + 1);
  g_hash_table_insert (self->places, g_memdup2 (frame, sizeof *frame), number);
  line.function_id = get_function (self, frame);
  line.line = (gint64)MIN (frame->line, (guint64)G_MAXINT64);
  location.id = GPOINTER_TO_UINT (number);
  location.address = frame->pc;
  location.n_line = 1;
  location.line = &lines;
  part.n_location = 1;
  part.location = &list;
  pack (self, &part);
  return location.id;
}

#define MAX_LABELS 6

typedef struct
{
  Pprof__Label labels[MAX_LABELS];
  Pprof__Label *list[MAX_LABELS];
  gsize n;
} Labels;

static Pprof__Label *
add_label (Writer *self, Labels *labels, const char *key)
{
  Pprof__Label *label = &labels->labels[labels->n];

  pprof__label__init (label);
  label->key = intern (self, key);
  labels->list[labels->n++] = label;
  return label;
}

static void
add_text (Writer *self, Labels *labels, const char *key, const char *text)
{
  if (*text != '\0')
    add_label (self, labels, key)->str = intern (self, text);
}

static void
write_sample (Writer *self, const GanderProfileSample *own, guint64 *locations, gsize n_locations)
{
  const GanderIndex *index = self->index;
  Pprof__Profile part = PPROF__PROFILE__INIT;
  Pprof__Sample sample = PPROF__SAMPLE__INIT;
  Pprof__Sample *list = &sample;
  gint64 values[2] = { (gint64)own->count, own->total };
  Labels labels = { .n = 0 };

  if (own->state != GANDER_STATE_NONE)
    add_text (self, &labels, "state", gander_state_get_id (own->state));
  add_text (self, &labels, "reason", gander_profile_sample_get_reason (index, own));
  add_text (self, &labels, "function", gander_index_get_string (index, own->function));
  add_text (self, &labels, "task", gander_index_get_string (index, own->task));
  add_text (self, &labels, "region", gander_index_get_string (index, own->region));
  if (own->goroutine != GANDER_LANE_NONE)
    {
      GanderLane lane;
      gander_index_get_lane (index, own->goroutine, &lane);
      add_label (self, &labels, "goroutine")->num = lane.id;
    }
  sample.n_location_id = n_locations;
  sample.location_id = locations;
  sample.n_value = G_N_ELEMENTS (values);
  sample.value = values;
  sample.n_label = labels.n;
  sample.label = labels.list;
  part.n_sample = 1;
  part.sample = &list;
  pack (self, &part);
}

/* Samples come by record, so the locations of a stack are looked up once. */
static void
write_samples (Writer *self, const GanderProfileView *view)
{
  GanderFrame frames[GANDER_STACK_FRAMES];
  guint64 locations[GANDER_STACK_FRAMES];
  guint n = 0, n_records = 0, n_frames = 0, last = G_MAXUINT;
  const GanderProfileSample *samples = gander_profile_get_samples (view->profile, &n);
  const GanderProfileRecord *records = gander_profile_get_records (view->profile, &n_records);

  for (guint i = 0; i < n; i++)
    {
      guint record = samples[i].record;
      if (view->keep != NULL && !view->keep[record])
        continue;
      if (record != last)
        {
          n_frames = gander_stack_get_frames (view->index, records[record].stack, frames);
          for (guint j = 0; j < n_frames; j++)
            locations[j] = get_location (self, &frames[j]);
          last = record;
        }
      write_sample (self, &samples[i], locations, n_frames);
    }
}

static void
write_head (Writer *self, const GanderProfileView *view)
{
  const GanderFacts *facts = gander_index_get_facts (view->index);
  const GanderProfileOptions *options = gander_profile_get_options (view->profile);
  Pprof__Profile part = PPROF__PROFILE__INIT;
  Pprof__ValueType types[3] = { PPROF__VALUE_TYPE__INIT,
                                PPROF__VALUE_TYPE__INIT,
                                PPROF__VALUE_TYPE__INIT };
  Pprof__ValueType *list[2] = { &types[0], &types[1] };
  gint64 comments[3] = { 0 };

  (void)intern (self, "");
  types[0].type = intern (self, "contentions");
  types[0].unit = intern (self, "count");
  types[1].type = intern (self, "delay");
  types[1].unit = intern (self, "nanoseconds");
  types[2].type = intern (self, "trace");
  types[2].unit = types[0].unit;
  comments[part.n_comment++] = intern (self, gander_profile_kind_get_title (options->kind));
  if (options->rule == GANDER_PROFILE_GO)
    comments[part.n_comment++] = intern (self, "counted as go tool trace does");
  if (view->at_least)
    comments[part.n_comment++] = intern (self, "at least: the trace is damaged");
  part.n_sample_type = G_N_ELEMENTS (list);
  part.sample_type = list;
  part.period_type = &types[2];
  part.period = 1;
  part.time_nanos = facts->wall_ns > 0 ? facts->wall_ns + view->begin : 0;
  part.duration_nanos = view->end - view->begin;
  part.comment = comments;
  pack (self, &part);
}

void
gander_profile_write_pprof (const GanderProfileView *view, GanderOutput *output)
{
  g_auto (GanderGzip) gzip = { 0 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) places = g_hash_table_new_full (hash_frame, is_same_frame, g_free, NULL);
  g_autoptr (GHashTable) functions =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  Writer self = { view->index, &gzip, bytes, texts, numbers, places, functions };

  gander_gzip_init (&gzip, output);
  write_head (&self, view);
  write_samples (&self, view);
  write_texts (&self);
  flush (&self, 0);
}
