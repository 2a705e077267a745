"""The review of case files at the desk: samples, files to review and to answer, results of units."""
