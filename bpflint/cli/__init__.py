"""Which subcommands are there? One file each; its name is the command's name."""
