/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/loader.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#define POLL_MS 100
/* How often an index that is in use is looked at. */
#define WATCH_SECONDS 1

/* Smaller traces are there before a preview would be. */
#define PREVIEW_MIN_BYTES (4 << 20)
/* Events of the first preview, some thirty milliseconds of work; then so many times as many. */
#define PREVIEW_FIRST 100000
#define PREVIEW_STEP  4
/* Beyond this share of the whole there is no use in a further one. */
#define PREVIEW_UNTIL 0.4

typedef struct
{
  char *path;
  gboolean rebuild;
  guint64 n_events;      /* 0 = all */
  GanderLoader *watcher; /* (unowned) (nullable) gets a first preview before the whole is begun */
  GanderProgress progress;
  int width; /* of the window, for a first look; 0 = none is wanted */
  int height;
  double scale;
  GanderFirstLook *look; /* (nullable) */
} LoadJob;

struct _GanderLoader
{
  GObject parent_instance;
  GFile *file;
  GanderLoaderState state;
  GTask *task; /* (nullable) the one whose answer counts; lives as long as the state is BUSY */
  GTask *preview_task;    /* (nullable) */
  guint64 preview_events; /* that it reads, or the last one did */
  gboolean awaits_first;  /* preview, from the thread of @task */
  GanderIndex *preview;
  GanderIndex *index;
  GanderFirstLook *look; /* (nullable) at @index */
  int width;             /* of the window; 0 = not known */
  int height;
  double scale;
  GError *error;
  gint64 start_us;
  guint poll_id;
  guint watch_id;
};

G_DEFINE_FINAL_TYPE (GanderLoader, gander_loader, G_TYPE_OBJECT)

static guint changed_signal;

static void
load_job_free (LoadJob *job)
{
  g_clear_pointer (&job->look, gander_first_look_unref);
  g_free (job->path);
  g_free (job);
}

/* The first preview on its way to the main thread. */
typedef struct
{
  GanderLoader *loader;
  GTask *task;
  GanderIndex *index; /* (nullable) */
} First;

static void
first_free (gpointer data)
{
  First *self = data;

  g_clear_pointer (&self->index, gander_index_unref);
  g_object_unref (self->task);
  g_object_unref (self->loader);
  g_free (self);
}

static void
take_preview (GanderLoader *self, GanderIndex *index)
{
  /* Whatever went wrong, the whole will tell; and a trace of fewer events is read already. */
  if (index == NULL || gander_index_get_facts (index)->n_events < self->preview_events)
    {
      self->preview_events = G_MAXUINT64;
      return;
    }
  g_clear_pointer (&self->preview, gander_index_unref);
  self->preview = gander_index_ref (index);
  g_signal_emit (self, changed_signal, 0);
}

static gboolean
first_done (gpointer data)
{
  First *self = data;
  GanderLoader *loader = self->loader;

  if (self->task != loader->task)
    return G_SOURCE_REMOVE;
  loader->awaits_first = FALSE;
  if (self->index == NULL)
    return G_SOURCE_REMOVE;
  loader->preview_events = PREVIEW_FIRST;
  take_preview (loader, self->index);
  return G_SOURCE_REMOVE;
}

/* What can be looked at first is what people wait for: nothing else of this process reads the trace
 * meanwhile. Of a trace with an index there is no need, unless that turns out to be none. Returns:
 * whether there is something to look at. */
static gboolean
make_first_preview (GTask *task, const LoadJob *job, GCancellable *cancellable)
{
  g_autofree char *kept = gander_load_get_cache_path (job->path, NULL);
  GanderLoadOptions options = { .n_events = PREVIEW_FIRST, .n_threads = 1 };
  First *first = g_new0 (First, 1);
  gboolean is_there = FALSE;

  first->loader = g_object_ref (job->watcher);
  first->task = g_object_ref (task);
  if (job->rebuild || kept == NULL || !g_file_test (kept, G_FILE_TEST_EXISTS))
    first->index = gander_load (job->path, &options, NULL, cancellable, NULL);
  is_there = first->index != NULL;
  g_idle_add_full (G_PRIORITY_DEFAULT, first_done, first, first_free);
  return is_there;
}

/* Worker thread. Touches the job and the cancellable, no widget, no setting. */
static void
load_thread (GTask *task,
             gpointer source G_GNUC_UNUSED,
             gpointer task_data,
             GCancellable *cancellable)
{
  LoadJob *job = task_data;
  GanderLoadOptions options = { .rebuild = job->rebuild,
                                .n_events = job->n_events,
                                .n_threads = job->n_events > 0 ? 1 : 0 };
  g_autoptr (GError) error = NULL;
  GanderIndex *index = NULL;

  /* Who looks at the beginning looks at more of it later, not for the first time. */
  if (job->watcher != NULL && make_first_preview (task, job, cancellable))
    job->width = 0;
  index = gander_load (job->path, &options, &job->progress, cancellable, &error);
  if (index != NULL && job->width > 0)
    job->look = gander_first_look_new (index, job->width, job->height, job->scale);
  if (index == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, index, (GDestroyNotify)gander_index_unref);
}

static void
drop_preview (GanderLoader *self)
{
  if (self->preview_task != NULL)
    g_cancellable_cancel (g_task_get_cancellable (self->preview_task));
  g_clear_object (&self->preview_task);
  g_clear_pointer (&self->preview, gander_index_unref);
  self->preview_events = 0;
  self->awaits_first = FALSE;
}

static void
set_state (GanderLoader *self, GanderLoaderState state)
{
  self->state = state;
  if (state != GANDER_LOADER_BUSY)
    {
      g_clear_handle_id (&self->poll_id, g_source_remove);
      g_clear_object (&self->task);
      drop_preview (self);
    }
  g_signal_emit (self, changed_signal, 0);
}

static gboolean
watch_index (gpointer user_data)
{
  GanderLoader *self = user_data;

  if (!gander_index_is_broken (self->index))
    return G_SOURCE_CONTINUE;
  self->watch_id = 0;
  g_signal_emit (self, changed_signal, 0);
  return G_SOURCE_REMOVE;
}

static void
load_done (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanderLoader) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderIndex) index = g_task_propagate_pointer (G_TASK (result), &error);
  LoadJob *job = g_task_get_task_data (G_TASK (result));

  if (G_TASK (result) != self->task)
    return;

  self->index = g_steal_pointer (&index);
  self->look = g_steal_pointer (&job->look);
  self->error = g_steal_pointer (&error);
  if (self->index != NULL)
    self->watch_id = g_timeout_add_seconds (WATCH_SECONDS, watch_index, self);
  set_state (self, self->index != NULL ? GANDER_LOADER_READY : GANDER_LOADER_FAILED);
}

static void
preview_done (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanderLoader) self = user_data;
  g_autoptr (GanderIndex) index = g_task_propagate_pointer (G_TASK (result), NULL);

  if (G_TASK (result) != self->preview_task)
    return;
  g_clear_object (&self->preview_task);
  take_preview (self, index);
}

static gboolean
wants_preview (GanderLoader *self)
{
  LoadJob *job = g_task_get_task_data (self->task);
  GStatBuf status;

  if (self->awaits_first || self->preview_task != NULL ||
      self->preview_events > G_MAXUINT64 / PREVIEW_STEP)
    return FALSE;
  return gander_progress_get_fraction (&job->progress) < PREVIEW_UNTIL &&
         g_stat (job->path, &status) == 0 && S_ISREG (status.st_mode) &&
         status.st_size >= PREVIEW_MIN_BYTES;
}

static void
start_preview (GanderLoader *self)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  LoadJob *job = g_new0 (LoadJob, 1);

  self->preview_events =
      self->preview_events == 0 ? PREVIEW_FIRST : self->preview_events * PREVIEW_STEP;
  job->path = g_strdup (((const LoadJob *)g_task_get_task_data (self->task))->path);
  job->n_events = self->preview_events;
  self->preview_task = g_task_new (NULL, cancellable, preview_done, g_object_ref (self));
  g_task_set_name (self->preview_task, "preview trace");
  g_task_set_source_tag (self->preview_task, start_preview);
  g_task_set_task_data (self->preview_task, job, (GDestroyNotify)load_job_free);
  g_task_run_in_thread (self->preview_task, load_thread);
}

static gboolean
poll_progress (gpointer user_data)
{
  GanderLoader *self = user_data;

  if (wants_preview (self))
    start_preview (self);

  g_signal_emit (self, changed_signal, 0);
  return G_SOURCE_CONTINUE;
}

GanderLoader *
gander_loader_new (GFile *file)
{
  GanderLoader *self = g_object_new (GANDER_TYPE_LOADER, NULL);

  self->file = g_object_ref (file);
  return self;
}

void
gander_loader_set_window_size (GanderLoader *self, int width, int height, double scale)
{
  self->width = width;
  self->height = height;
  self->scale = scale;
}

GanderFirstLook *
gander_loader_steal_first_look (GanderLoader *self)
{
  return g_steal_pointer (&self->look);
}

void
gander_loader_start (GanderLoader *self)
{
  g_autofree char *path = g_file_get_path (self->file);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  LoadJob *job = NULL;
  gboolean rebuild = self->index != NULL && gander_index_is_broken (self->index);

  gander_loader_cancel (self);
  g_clear_handle_id (&self->watch_id, g_source_remove);
  g_clear_pointer (&self->index, gander_index_unref);
  g_clear_pointer (&self->look, gander_first_look_unref);
  g_clear_error (&self->error);

  if (path == NULL)
    {
      g_set_error_literal (&self->error,
                           G_IO_ERROR,
                           G_IO_ERROR_NOT_SUPPORTED,
                           "the place is not mounted as a folder of this computer");
      set_state (self, GANDER_LOADER_FAILED);
      return;
    }

  job = g_new0 (LoadJob, 1);
  job->path = g_steal_pointer (&path);
  job->rebuild = rebuild;
  job->width = self->width;
  job->height = self->height;
  job->scale = self->scale;
  self->task = g_task_new (NULL, cancellable, load_done, g_object_ref (self));
  g_task_set_name (self->task, "load trace");
  g_task_set_source_tag (self->task, gander_loader_start);
  g_task_set_task_data (self->task, job, (GDestroyNotify)load_job_free);
  self->start_us = g_get_monotonic_time ();
  self->poll_id = g_timeout_add (POLL_MS, poll_progress, self);
  set_state (self, GANDER_LOADER_BUSY);
  self->awaits_first = wants_preview (self);
  if (self->awaits_first)
    job->watcher = self;
  g_task_run_in_thread (self->task, load_thread);
}

void
gander_loader_cancel (GanderLoader *self)
{
  if (self->state != GANDER_LOADER_BUSY)
    return;

  g_cancellable_cancel (g_task_get_cancellable (self->task));
  set_state (self, GANDER_LOADER_CANCELLED);
}

GFile *
gander_loader_get_file (GanderLoader *self)
{
  return self->file;
}

GanderLoaderState
gander_loader_get_state (GanderLoader *self)
{
  return self->state;
}

GanderIndex *
gander_loader_get_index (GanderLoader *self)
{
  return self->index;
}

GanderIndex *
gander_loader_get_preview (GanderLoader *self)
{
  return self->preview;
}

const GError *
gander_loader_get_error (GanderLoader *self)
{
  return self->error;
}

void
gander_loader_get_progress (GanderLoader *self, GanderLoaderProgress *out)
{
  *out = (GanderLoaderProgress){ 0 };
  if (self->state == GANDER_LOADER_BUSY)
    {
      LoadJob *job = g_task_get_task_data (self->task);

      out->phase = gander_progress_get_phase (&job->progress);
      out->fraction = gander_progress_get_fraction (&job->progress);
      out->events = gander_progress_get_events (&job->progress);
      out->elapsed_us = g_get_monotonic_time () - self->start_us;
    }
}

static void
gander_loader_dispose (GObject *object)
{
  GanderLoader *self = GANDER_LOADER (object);

  g_clear_handle_id (&self->poll_id, g_source_remove);
  g_clear_handle_id (&self->watch_id, g_source_remove);
  g_clear_object (&self->task);
  drop_preview (self);
  g_clear_pointer (&self->index, gander_index_unref);
  g_clear_pointer (&self->look, gander_first_look_unref);
  g_clear_error (&self->error);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (gander_loader_parent_class)->dispose (object);
}

static void
gander_loader_class_init (GanderLoaderClass *class)
{
  G_OBJECT_CLASS (class)->dispose = gander_loader_dispose;

  changed_signal = g_signal_new ("changed",
                                 G_TYPE_FROM_CLASS (class),
                                 G_SIGNAL_RUN_LAST,
                                 0,
                                 NULL,
                                 NULL,
                                 NULL,
                                 G_TYPE_NONE,
                                 0);
}

static void
gander_loader_init (GanderLoader *self G_GNUC_UNUSED)
{
}
