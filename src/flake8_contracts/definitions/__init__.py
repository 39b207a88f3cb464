"""Compiled pipeline definitions, compared with the contracts of the scripts that their steps run."""
