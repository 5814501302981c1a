"""
Results out: the files, the count and the receipt.
"""
