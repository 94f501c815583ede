"""Captures of suspect pages: what a page showed, when, to whom, and the bytes it was made of.

A suspect page is an attacker's: it may redirect to this network, never end, or change its name's
address between two look-ups. So the browser has one way out, a proxy on loopback
(``guard``) that looks a name up once, refuses every address that is not public, connects to the
address it has checked, and counts bytes and seconds.
"""
