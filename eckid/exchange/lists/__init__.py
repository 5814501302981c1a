"""
Rows in: survey, who is it, and what is made of each.
"""
