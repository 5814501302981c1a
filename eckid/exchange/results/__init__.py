"""
Results out: the files of a run, its report and its receipt.
"""
