"""Writes: snapshots become runs, runs become reward models, one of them the champion."""
