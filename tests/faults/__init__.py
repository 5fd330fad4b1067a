"""The reliability proof: the real till against a faulty world, under a clock that costs nothing.

One seed is one replay: everything random comes from it, and one thread at a time runs. What `killed` plays is
another matter: there real processes with all their threads are killed, in real time.
"""
