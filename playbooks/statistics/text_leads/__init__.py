"""Topics of titles and messages, and leads on the mood of a message; a person decides."""
