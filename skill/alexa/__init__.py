"""The rim: Amazon's requests in, Amazon's responses out."""
