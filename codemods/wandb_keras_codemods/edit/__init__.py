"""How the tree changes: calls, displays, imports, the generated class."""
