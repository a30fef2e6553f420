"""What one construction becomes, per target; nothing here looks at a tree around it."""
