"""Maintainers' tools: documents generated from a release, validation of the register, portability of the SQL models, licences."""
