"""
What all rooms stand on: values, hidden values, whole files, canonical JSON.
"""
