"""The workspace of safety managers: their own enterprises' internal tips, and nothing else."""
