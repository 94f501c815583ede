"""The whole story on the sample matrix, and the fake platforms it plays against."""
