"""The back office of the public site: lists editors keep, visits officers sign in, numbers of the plan."""
