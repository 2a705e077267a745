"""保险箱钥匙: pages on which custodians make, hand over, recover and change the vault's key in their browsers."""
