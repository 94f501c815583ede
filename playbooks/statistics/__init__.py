"""The statistics of the matrix (Article 32): archive what arrived, build the marts, check them."""
