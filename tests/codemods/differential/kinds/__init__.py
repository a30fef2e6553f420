"""One file for each kind of program that once behaved otherwise after its migration."""
