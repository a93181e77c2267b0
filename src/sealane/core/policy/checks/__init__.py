"""What a requirement can demand of a fact beside its type and its signer."""
