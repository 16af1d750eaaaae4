"""Ways in: HTTP, worker, command line; they mount and register, nothing else."""
