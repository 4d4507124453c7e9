"""
A network of authors
====================

Who publishes with whom in the sample of motor learning. Colours are communities; near means linked.
"""

import toolkit

papers = toolkit.load_sample("motor-learning-papers")
network = toolkit.find_network(papers, of="authors", counting="fractional")
toolkit.plot_network(network)

# %%
# The table of nodes behind it.

toolkit.show(network.nodes, n=5)
