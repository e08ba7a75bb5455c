"""Many small networks at once: one network in each lane of the vector registers.

Needs Numba (extra ``fast``).  ``numerics.many_networks`` is the public face.
"""
