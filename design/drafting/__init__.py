"""A product folder as text, while somebody writes it: files, words for what changed, new prices.

No database: what stands here is given texts and gives texts.
"""
