"""From a rule's repair to the edits that carry it out, and from edits to files. Imported when somebody asks for fixes.

Rules say what should be (:mod:`flake8_contracts.repairs`); the modules here know how Python, YAML, TOML and JSON are
written, change as little text as possible and keep its style.
"""
