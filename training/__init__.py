"""What machines learn from judgments: snapshots, training runs, reward models and their serving."""
