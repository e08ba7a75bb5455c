"""The text of a manuscript: files, macros, tokens, displayed equations; nothing is executed."""
