/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The one header of analysis/ that other folders include. */

#include "analysis/analysis-error.h"
#include "analysis/compare.h"
#include "analysis/condition.h"
#include "analysis/describe-goroutine.h"
#include "analysis/describe.h"
#include "analysis/duration.h"
#include "analysis/figures.h"
#include "analysis/gc.h"
#include "analysis/metrics.h"
#include "analysis/mmu.h"
#include "analysis/profile.h"
#include "analysis/quantiles.h"
#include "analysis/regions.h"
#include "analysis/scheduler.h"
#include "analysis/scope.h"
#include "analysis/stack-set.h"
#include "analysis/stats-table.h"
#include "analysis/stats-times.h"
#include "analysis/stats.h"
#include "analysis/summary.h"
#include "analysis/table-write.h"
#include "analysis/table.h"
#include "analysis/tasks.h"
#include "analysis/text.h"
