"""The commands of ``flake8-contracts``, one module each."""
