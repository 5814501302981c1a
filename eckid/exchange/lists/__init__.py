"""
Class lists, row by row: survey, identify the persons, hash, derive and release.
"""
