"""Where files become public: one file a kind of channel."""
