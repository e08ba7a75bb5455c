"""Many small linear networks on NVIDIA GPUs: all of training in one kernel, weights on the chip.

``engine`` is the public face; ``plan`` chooses how a kernel is compiled; the ``*.cuh`` files are
the kernel.  To test it without a GPU, ``emulation`` compiles them for the processor, and ``ptx``
interprets what NVIDIA's compiler makes of them.
"""
