"""Many small networks at once: one network in each lane of the vector registers.

Needs Numba (extra ``fast``).  ``numerics.many_networks`` is the public face.  Numba keeps what it
compiled by the source of ``training`` alone: who changes ``blocks`` or ``products`` in place must
touch that file as well.
"""
