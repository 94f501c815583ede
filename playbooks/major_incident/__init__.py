"""重大突发事件、重大舆情、安全事件: the playbook of a bad hour, its letters and its drills."""
