"""Typed predicates of in-toto statements, one file a type."""
