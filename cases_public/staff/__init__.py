"""The back office of cases: the checker beside the editor, the reviews, what is due."""
