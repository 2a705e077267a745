"""The duty to report cases as plain rules: periods, rates, and the order of the file (92号)."""
