"""Quarterly spot check (季度抽查, Article 30): drawn, checked, put right, rechecked, published."""
