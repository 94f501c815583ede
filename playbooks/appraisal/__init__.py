"""Annual appraisal (年度考核, Article 30): declared rules, the year's record, appeals, the result."""
