"""Syndicated copies, claim threads, claim groups, relations between claims."""
