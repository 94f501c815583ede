"""The soak: many cases over many simulated days while everything that can break is broken.

``python -m benchmarks.soak --cases 2000 --days 60 --seed 1`` opens cases through the real engine,
answers them at random or not at all, lets a fake Slack fail in every way it knows, kills sweep,
dispatch, audit and the operators' process at random moments, and stops everything for days at a time.
Afterwards it accounts for every rung and every message, and exits 1 unless each rung that came due
was claimed exactly once and each message was sent once, given up to a person, or declared unclear.
"""
