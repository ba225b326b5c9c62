"""Rewards on request: the scorer process, its client in the web process, and trainers' own protocols."""
