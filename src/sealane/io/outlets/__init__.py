"""Where words become public: advisory databases, forges, registries of identifiers, folders."""
