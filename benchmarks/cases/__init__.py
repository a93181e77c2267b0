"""One case a module: `measure(folder)` gives its rows one by one, and may write into the folder."""
