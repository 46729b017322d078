# SPDX-License-Identifier: MIT
dist_man5_MANS =

include plugins/file/local.mk
include plugins/http/local.mk
include plugins/http-input/local.mk
include plugins/socket-input/local.mk
include plugins/mqtt/local.mk
