"""What can be asked about a race, one question a file; a probe joins by registering itself."""
