"""How is a report printed? One file a format; a new file here is a new format."""
