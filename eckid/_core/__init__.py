"""
What all rooms stand on: type checks, hidden values, whole files, canonical JSON.
"""
