/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The one header of reader/ that other folders include. */

#include "reader/cache-folder.h"
#include "reader/damage.h"
#include "reader/dictionary.h"
#include "reader/event.h"
#include "reader/events.h"
#include "reader/index.h"
#include "reader/load.h"
#include "reader/progress.h"
#include "reader/query.h"
#include "reader/reader-error.h"
#include "reader/trace.h"
#include "reader/types.h"
#include "reader/wire-dump.h"
