"""Transitions, side by side with the peers and with what is written by hand.

    python -m benchmarks.transitions [--case memory|persisted|bulk] [--database URL] [--rounds N] [--objects N]

Each contestant is a process of its own; a peer's runs in a virtual environment of its own, which is built once. All of
them take turns in many short rounds, so that the machine's other work falls on all alike. A figure is the median over
the rounds; a ratio is the median of the ratios within a round.

The same for all are the Python, Django where a peer runs on it, the connection's settings, the cycle draft, placed and
paid, a guard that asks an attribute, an after-hook that counts, the order's columns, and that nobody acts. What is
written by hand writes to the tables that Detent has, with all their indexes; a peer writes to its own. The driver and
the fixed SQL check the state, and have neither guard nor hook.

In bulk there is neither guard nor hook for anyone, and everything happens in one transaction: without a savepoint each
for the peers, which move one object after the other. Detent's trigger app is installed only where the row says so.

The modules in `contestants` begin with what each one does.
"""
