"""Tests on a live stack; a package, so that its server ends with the last of them."""
