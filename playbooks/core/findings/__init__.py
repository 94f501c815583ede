"""The list of problems (问题清单): what is wrong with accounts and units, by one list with owners."""
