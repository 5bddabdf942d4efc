/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/map-guard.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Two for each trace that is shown; more than anybody has open. */
#define N_SLOTS 256

/* The handler reads slots without a lock. Only a map that somebody is reading is of interest to it,
 * so its slot stands still; @begin is set last and cleared first. */
typedef struct
{
  gint taken;
  gsize begin; /* address; 0 = none */
  gsize size;
  gint *broken;
} Slot;

static Slot slots[N_SLOTS];
static struct sigaction before;
static gsize page_size;

static Slot *
find_slot (gsize address)
{
  for (guint i = 0; i < N_SLOTS; i++)
    {
      gsize begin = __atomic_load_n (&slots[i].begin, __ATOMIC_ACQUIRE);

      if (begin != 0 && address >= begin && address - begin < slots[i].size)
        return &slots[i];
    }
  return NULL;
}

/* What would have happened without us. */
static void
pass_on (int number, siginfo_t *info, void *context)
{
  if ((before.sa_flags & SA_SIGINFO) != 0)
    before.sa_sigaction (number, info, context);
  else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)
    before.sa_handler (number);
  else
    {
      /* The same access fails again when we return; what was sent by somebody is sent again. */
      (void)sigaction (SIGBUS, &before, NULL);
      if (info->si_code <= 0)
        (void)raise (SIGBUS);
    }
}

/* Only what a signal handler may do, and mmap (), which on Linux is a mere system call. */
static void
handle (int number, siginfo_t *info, void *context)
{
  gsize address = (gsize)info->si_addr;
  Slot *slot = info->si_code > 0 ? find_slot (address) : NULL;

  if (slot == NULL || mmap ((void *)(address & ~(page_size - 1)),
                            page_size,
                            PROT_READ,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                            -1,
                            0) == MAP_FAILED)
    pass_on (number, info, context);
  else
    __atomic_store_n (slot->broken, 1, __ATOMIC_SEQ_CST);
}

static void
install (void)
{
  static gsize installed;

  if (g_once_init_enter (&installed))
    {
      struct sigaction action = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK };

      page_size = (gsize)sysconf (_SC_PAGESIZE);
      (void)sigemptyset (&action.sa_mask);
      (void)sigaction (SIGBUS, &action, &before);
      g_once_init_leave (&installed, 1);
    }
}

gboolean
gander_map_guard_add (gconstpointer map, gsize size, gint *broken)
{
  install ();
  for (guint i = 0; i < N_SLOTS; i++)
    if (g_atomic_int_compare_and_exchange (&slots[i].taken, 0, 1))
      {
        slots[i].size = size;
        slots[i].broken = broken;
        __atomic_store_n (&slots[i].begin, (gsize)map, __ATOMIC_RELEASE);
        return TRUE;
      }
  return FALSE;
}

void
gander_map_guard_remove (gconstpointer map)
{
  for (guint i = 0; i < N_SLOTS; i++)
    if (__atomic_load_n (&slots[i].begin, __ATOMIC_ACQUIRE) == (gsize)map)
      {
        __atomic_store_n (&slots[i].begin, 0, __ATOMIC_RELEASE);
        g_atomic_int_set (&slots[i].taken, 0);
        return;
      }
}
