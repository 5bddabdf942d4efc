/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/commands.h"

#include <string.h>

#define N_(text) text

static const GanderCommand commands[] = {
  {
      .name = "summary",
      .arguments = N_ ("FILE…"),
      .summary = N_ ("Show duration, counts, time in each state, GC and damage"),
      .options = "range",
      .formats = "text json",
      .example = "trace.out",
      .min_files = 1,
      .max_files = G_MAXUINT,
      .run = gander_command_summary,
  },
  {
      .name = "stats",
      .arguments = N_ ("FILE"),
      .summary = N_ ("Show where the time of goroutines went, by function or each"),
      .details =
          N_ ("A row is about the goroutines of a start function (--by func), each goroutine, "
              "those that one go statement started (creator), of a package, those that work on "
              "a type of task, are inside a type of region, or all. --format csv, tsv and json "
              "have all columns, percentiles of the waits among them; text computes those only "
              "for a column that --sort or --filter names."),
      .options = "by filter sort top time range goroutine func task region",
      .formats = "text csv tsv json",
      .choices = "by:func,goroutine,creator,package,task,region,all",
      .example = "--by func --filter 'running > 5ms' trace.out",
      .min_files = 1,
      .max_files = 1,
      .run = gander_command_stats,
  },
  {
      .name = "profile",
      .arguments = N_ ("FILE"),
      .summary = N_ ("Write how long goroutines were blocked, by stack"),
      .details = N_ (
          "net, sync and syscall are by the stack that waited, sched (waits for a processor) "
          "by the stack that made the goroutine runnable, waker by the stack of the goroutine "
          "that ended the wait. "
          "On a terminal it is a list, elsewhere a file for “go tool pprof”; the end of the name "
          "of --output decides, too: .txt .csv .tsv .json .svg .folded .speedscope.json. "
          "Samples have the labels state, reason, function, task, region and goroutine, the "
          "last only if there are up to 1,000 or --labels names it."),
      .options = "type compat range goroutine func task region labels filter sort top time stacks",
      .formats = "pprof text folded speedscope svg csv tsv json",
      .choices = "type:net,sync,syscall,sched,waker compat:go",
      .example = "--type sync -o sync.pb.gz trace.out",
      .min_files = 1,
      .max_files = 1,
      .run = gander_command_profile,
  },
  {
      .name = "tasks",
      .arguments = N_ ("FILE"),
      .summary = N_ ("Show tasks, regions and logs: how long, and where time went"),
      .details =
          N_ ("--name is for the types of tasks and regions, and for category and message of "
              "logs. Durations are whole ones, whatever --range says; where time went is "
              "within it. Columns of --sort and --filter are those of --format csv."),
      .options = "by name min histogram filter sort top time range",
      .formats = "text csv tsv json",
      .choices = "by:type,task,region,log",
      .example = "--name request --histogram trace.out",
      .min_files = 1,
      .max_files = 1,
      .run = gander_command_tasks,
  },
  {
      .name = "wakeups",
      .arguments = N_ ("FILE"),
      .summary = N_ ("Show who woke whom, and the critical path of a wait or task"),
      .details =
          N_ ("Goroutines are those that were woken. Burst is the most wake-ups of a row by one "
              "goroutine within a millisecond. --path walks back through what a goroutine had "
              "to wait for: G37 for its life, or its part in --range, G37@1.5ms for what it did "
              "at that time, task:5 for a task. What the hops add is all of that time. With "
              "--by func it says what the path is made of."),
      .options = "by path filter sort top time range goroutine func task region",
      .formats = "text csv tsv json",
      .choices = "by:func,goroutine,place",
      .example = "--path G37@1.5ms trace.out",
      .min_files = 1,
      .max_files = 1,
      .run = gander_command_wakeups,
  },
  {
      .name = "gc",
      .arguments = N_ ("FILE"),
      .summary = N_ ("Show what the garbage collector did and took"),
      .details = N_ ("Without --by it is a page: cycles, pauses, assists, workers, and the least "
                     "share of the processors that any window leaves to the program (mmu; worst: "
                     "the ten worst windows of 1ms, 10ms and 100ms). Columns of --sort and "
                     "--filter are those of --format csv."),
      .options = "by filter sort top time range",
      .formats = "text csv tsv json",
      .choices = "by:cycle,pause,kind,worker,assist,assist-stack,sweep,sweep-stack,mmu,worst",
      .example = "--by pause --filter 'duration > 1ms' trace.out",
      .min_files = 1,
      .max_files = 1,
      .run = gander_command_gc,
  },
  {
      .name = "sched",
      .arguments = N_ ("FILE"),
      .summary = N_ ("Show processors, waits for them, and who ran long"),
      .details =
          N_ ("Without --by it is a page. proc is about each processor, busy about how many ran at "
              "once, time about parts of the range, run about the longest runs without a stop, "
              "preemption about the functions that were preempted. Goroutines of the Go runtime "
              "count for processors only. Columns of --sort and --filter are those of "
              "--format csv."),
      .options = "by filter sort top time range",
      .formats = "text csv tsv json",
      .choices = "by:proc,busy,time,run,preemption,gomaxprocs",
      .example = "--by run --top 20 trace.out",
      .min_files = 1,
      .max_files = 1,
      .run = gander_command_sched,
  },
  {
      .name = "assert",
      .arguments = N_ ("FILE"),
      .summary = N_ ("Check limits, for tests and CI; exit with 1 when one is passed"),
      .details = N_ ("Every condition is told with the measured values; “--list” tells what can be "
                     "asked. A condition on what the trace does not have, like a task that never "
                     "ran, fails, too."),
      .options = "fail-if baseline list range time",
      .formats = "text json junit github",
      .example = "--fail-if 'sched.p99 > 5ms || gc.stw.max > 2ms' trace.out",
      .min_files = 0,
      .max_files = 1,
      .run = gander_command_assert,
  },
  {
      .name = "events",
      .arguments = N_ ("FILE"),
      .summary = N_ ("Print the decoded events, one a line, in Go's order"),
      .details = N_ ("A line has the time in seconds since the trace began, thread, processor and "
                     "goroutine that did it, Go's name of the event, and what it says. "
                     "-d=parsed FILE is the same, -d=wire FILE is --wire, as with go tool trace."),
      .options = "range goroutine kind stacks wire footprint",
      .formats = "text ndjson",
      .example = "--goroutine 37 --kind GoBlock,GoUnblock trace.out",
      .min_files = 1,
      .max_files = 1,
      .run = gander_command_events,
  },
  {
      .name = "diff",
      .arguments = N_ ("A B"),
      .summary = N_ ("Compare two traces: A before, B after"),
      .options = "range",
      .formats = "text csv tsv json",
      .example = "before.out after.out",
      .min_files = 2,
      .max_files = 2,
      .run = gander_command_diff,
  },
  {
      .name = "report",
      .arguments = N_ ("FILE"),
      .summary = N_ ("Write everything in one document, for programs or people"),
      .details = N_ ("html is one file with pictures, for a browser or a printer; md is for an "
                     "issue; json has every figure exactly."),
      .options = "",
      .formats = "md html json",
      .example = "--format json -o report.json trace.out",
      .min_files = 1,
      .max_files = 1,
      .run = gander_command_report,
  },
  {
      .name = "render",
      .arguments = N_ ("FILE"),
      .summary = N_ ("Draw the timeline as a PNG, SVG or PDF file"),
      .details = N_ ("The suffix of --output decides about the format when --format does not."),
      .options = "range rows width height scale theme",
      .formats = "png svg pdf",
      .example = "-o trace.png --range 10ms..60ms trace.out",
      .min_files = 1,
      .max_files = 1,
      .run = gander_command_render,
  },
  {
      .name = "index",
      .arguments = N_ ("FILE…"),
      .summary = N_ ("Build the index ahead, so that opening is quick"),
      .options = "",
      .formats = "text json",
      .example = "trace.out",
      .min_files = 1,
      .max_files = G_MAXUINT,
      .run = gander_command_index,
  },
  {
      .name = "cache",
      .arguments = "",
      .summary = N_ ("List the indexes that are kept, or remove some"),
      .details = N_ ("Indexes are removed by themselves, the least recently used first, when they "
                     "take\nmore than 4 GiB. Removing one costs nothing but the time to build it "
                     "again."),
      .options = "clear max",
      .formats = "text csv tsv json",
      .example = "--max 1GiB",
      .min_files = 0,
      .max_files = 0,
      .run = gander_command_cache,
  },
  {
      .name = "sample",
      .arguments = N_ ("[NAME]"),
      .summary = N_ ("List the traces that come with Gander, or copy one"),
      .details = N_ ("The copy goes to --output, or to a pipe."),
      .options = "",
      .formats = "text csv tsv json",
      .example = "pipeline -o pipeline.trace.zst",
      .words = gander_command_sample_words,
      .min_files = 0,
      .max_files = 1,
      .run = gander_command_sample,
  },
  {
      .name = "completion",
      .arguments = N_ ("bash|zsh|fish"),
      .summary = N_ ("Print a script that completes command lines in a shell"),
      .details = N_ ("Bash reads it with “source <(gander-cli completion bash)”; zsh takes it as a "
                     "file _gander-cli in its $fpath, fish as "
                     "~/.config/fish/completions/gander-cli.fish."),
      .options = "",
      .formats = "",
      .example = "bash > gander-cli.bash",
      .words = gander_command_completion_words,
      .min_files = 1,
      .max_files = 1,
      .run = gander_command_completion,
  },
  {
      .name = "version",
      .arguments = "",
      .summary = N_ ("Show the version of Gander and of what it uses"),
      .options = "",
      .formats = "text json",
      .example = "--verbose",
      .min_files = 0,
      .max_files = 0,
      .run = gander_command_version,
  },
  {
      .name = "help",
      .arguments = N_ ("[COMMAND|TOPIC]"),
      .summary = N_ ("Show this list, or what a command does"),
      .details = N_ ("Topics are conditions, exit-status and options."),
      .options = "",
      .formats = "",
      .example = "stats",
      .words = gander_command_help_words,
      .min_files = 0,
      .max_files = 1,
      .run = gander_command_help,
  },
};

const GanderCommand *
gander_commands_get (guint *n)
{
  *n = G_N_ELEMENTS (commands);
  return commands;
}

const GanderCommand *
gander_commands_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];
  return NULL;
}

char *
gander_command_get_common_options (const GanderCommand *self)
{
  gboolean has_formats = self == NULL || *self->formats != '\0';

  return g_strconcat (has_formats ? "format json " : "",
                      "output force quiet verbose strict no-cache unpack-limit color progress help",
                      NULL);
}

char **
gander_command_get_choices (const GanderCommand *self, const char *name)
{
  g_auto (GStrv) list = NULL;
  const GanderOptionSpec *spec;

  if (g_str_equal (name, "format"))
    return g_strsplit (self->formats, " ", -1);
  list = g_strsplit (self->choices == NULL ? "" : self->choices, " ", -1);
  for (guint i = 0; list[i] != NULL; i++)
    {
      gsize size = strlen (name);

      if (g_str_has_prefix (list[i], name) && list[i][size] == ':')
        return g_strsplit (list[i] + size + 1, ",", -1);
    }
  spec = gander_cli_options_find (name);
  if (spec == NULL || spec->argument == NULL || strchr (spec->argument, '|') == NULL)
    return NULL;
  return g_strsplit (spec->argument, "|", -1);
}
