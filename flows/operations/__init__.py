"""What operators and timers can start, without Prefect: the command and the flows call the same."""
