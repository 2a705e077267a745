"""What `make bench` runs: the cost of a tip beside the floor of the same run, and the weight of the first pages."""
