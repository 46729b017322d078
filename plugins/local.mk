# SPDX-License-Identifier: MIT
dist_man5_MANS =

include plugins/mqtt/local.mk
