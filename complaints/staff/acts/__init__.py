"""The acts on a tip as officers meet them: each a description of its form and the one service it calls."""
