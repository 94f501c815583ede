"""Files a person downloaded from a platform's back office, each layout declared in YAML alone.

``reading.read_export`` recognises a file by its bytes and headings, never by its name, and returns
rows under declared keys; ``payloads.export_payloads`` turns them into payloads for the archive. The
layouts of the platforms lie in ``layouts/``, those an office adds in its own data folder.
"""
