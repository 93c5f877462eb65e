r"""The chains of every row in NumPy, three ways, and one chain at a time as papers' scripts write them.

A vectorised baseline is a generator over generations: it is given a generator of random numbers, the number of chains
and the sizes of its row, and yields the measured values of all chains. `run` splits the chains into blocks that fit in
cache and keeps means and variances, as the library does. float64 and one thread throughout.

"raw" draws every observation; "stats" draws sufficient statistics from their law; "same" is given the reduced
algebra of the library's exact engine, chains last.
"""
