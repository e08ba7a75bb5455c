"""Many small linear networks on NVIDIA GPUs: all of training in one kernel, weights on the chip.

``engine`` is the public face; ``plan`` chooses how a kernel is compiled; the ``*.cuh`` files are
the kernel, which ``emulation`` also compiles for the processor, to be tested without a GPU.
"""
