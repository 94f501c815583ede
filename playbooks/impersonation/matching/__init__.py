"""Find accounts that imitate a protected one, by name first and by what else is known of them."""
