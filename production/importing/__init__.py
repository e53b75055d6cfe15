"""Plants that somebody else wrote: frePPLe's fixtures become a problem of the engine and documents.

Pure: plain values in, plain values out. What has no counterpart here is counted by model and field
(``Rows.not_understood``), and nothing is dropped in silence.
"""
