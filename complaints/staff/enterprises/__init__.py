"""The desk of enterprises: register, files, posters, visits."""
