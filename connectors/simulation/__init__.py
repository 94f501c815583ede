"""The sample matrix and the fake servers: a fictitious district over real HTTP and real files.

Nothing here is a mock: the servers speak the platforms' documented protocols on the loopback
interface, and the connectors under test are the ones that run in production.
"""
