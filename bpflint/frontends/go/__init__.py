"""How is Go read? By its syntax tree: packages, constants, structs, and what meets which map."""
