"""The parts of bench/peers.py: an environment for the peers, logs that each of them reads well, a worker, the label mapping, the figures."""
