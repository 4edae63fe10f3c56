"""Which kernels exist, and what does each offer?"""
