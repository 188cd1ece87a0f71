"""Samples from a person's own files: tables, arrays, pictures; each format a module, each fault a plain sentence."""
