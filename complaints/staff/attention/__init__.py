"""Where to look next, at the desk: the ranking with its lines, the lists behind them, the proposal to take along."""
