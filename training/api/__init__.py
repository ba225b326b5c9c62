"""The addresses below /api/v1/ of runs, models and rewards."""
