"""An envelope sealed by the first browser bundle: what was sealed once must open for good."""

BROWSER_SEED = bytes(range(100, 132))
BROWSER_ENVELOPE = (
    '{"v":1,"suite":"xwing-hkdf256-'
    'a256gcm","vault":1,"ct":"kHlcC7sRwDPvgt8czqor2T4iMI1b/aMEJ4HNIpjWgiaUjP+sCUiHawA1hbsuw4nQ41fyQFTNULY'
    "TzCEs2qqpvf9qfGw4jGoplS54brhIk9rud0izv7uLKh2FHk9KfYQ9qKzuq7J7CoGZEpxcXMAaGScgHORfaM+gAJwNjQDn76EWVLl"
    "1UOpR2vHt6EGpzRiRgLSxpL3spc/Ga2Eel1aOyXBCODTAAHJ6dFs4yU6960wMpSQHrpbGov3vq7x3E7kME9QNeSnBWyd18Jk7EVM"
    "unETE5IGcCX6UsrdoCJ+tmYTiM/TjqIvtIn6NX/bEj7uotj5tO3LPtsDPtaN/OfdKhPDBIeEz4zOZW9X6iBe8O93T0+HUHYmOiLP"
    "Vtkok6yA77UYbh+VjlnZFkzHXoCrjajCpzLtTINRWM4CpO/jf+O9K8Zi6ravMQYTh9QP41ug0gYUMkzOzlOtGCBBZVBOxUJuSryL"
    "R0WJIxWzUo8esN+VD+mYOWVRtIYEGPAqVGUtc+DnuYDvrgoATpzAAsZzLCbIbf5kG4bWSVUYeQrt5qidvcLMINhXgMnZc0Y26yNY"
    "SGJzLKomsA3jMlFScC7n00pllpN/XMTQB+82CMqtsj9AAUgObZzayc2p3spISjpQoX2R0+3M/a1DluUOkw87W05FKfms5jvUtdOQ"
    "pX0ps6UyxSQAIgu/Tem3R4dcMf4AVKbT3Ip5NB9EQ7uOhUkPRXnaAEjMjFoa992ShHz6LslLAoRElQR23sZ3RkhdxODxS5yjyOm9"
    "t4S/cDNcvKvij8h0Jbi+YiosYb21AgFPttC2v4R3C8HGWRARswZ9iiKQN3bYZ2g+gcU2SF6jBw7TB829aN6K1is/Fus2IfZoGn2F"
    "lWg3msNlje6zIKYs00yETIf763zU1KnNgLs6eDcZinHY5YX9D4B68/z2Xqre+4/scWne7DvgZK+PuP0zlT/jgT4OC+N/X5gG+wh5"
    "caRx42OC9vStzVWFBSM4INajKNxqK6z9/EYvq5JAoFDwMLKrEDk6zSemUgiysEwidbwcqMyhecH7wKzZSuEsgPNHJ/k5Qkf3kpqf"
    "KVIIWqUWvTDOZXOEcmikvk/iRJqVyA7lGxEChONak6Tykar6Pyo5rdmwlBpxuawGWw/Lkg3UqcHnlku5tm9FjDUf8n2Z3l7Ty5vz"
    "gDNXuwlQEFymt/GwOrqIJYMHdxGVkUt/OWJW1WgI+3UzOTBnvpV+npzHQgADqsLOdEnCSLq/hgLbTsvW9d2pPI73ujNwHXMGr6KA"
    "fR5OzDJ8g/SBhgw0+1lsc6rDEh3FypucAIkFuO51BM4mmYtGocL2X9Jfj1YAxSJhDGOCi1S0BETlLRpwxQRHSj0oeyTpAWCapdCO"
    "xPapdLcpUWdODKl1feCcGaWvEkt7TwY8e9tbdpujMg2k0wkqrFvA0o03NkQ1F0PNXt+Ud6Eo/PcUY+DvvQeZfPs8zBnBEig2oaim"
    "IuBW226nJlQHcSdjBYHeP5Aw8tt4uBtrRgSKKqQxOFZfAenI5ekXGfEK+JBfew4RbsezmOUwPjwuXuA8qNoHx2Vy6qyY4ZMTjxTG"
    "DXVUDyH6SCKjBgeLeV1bVapJvOCYotYoTyx/exkBs7WjNJXQfWkw14IvT4GHFHnsilsPMM6Et1BHR0T2Nr5Z878djIRpePF27CgL"
    "VRlh+e9JS1N25OhI2gZRjIdJqXhOe+Sb0xnZHg4tZw7jysFUwH1I84PWQajzAIXsOyh0oK3zVCcsGOH3WwB+lxRaPu3WvRccho79"
    'PNu9Qxl4/Nqj6VZIiHF/Fe+77rkm1Oqj/dACTQuBLTWS7JybJc3rg15MgGIiIDDjzGxW15eSkz/jqWuk2"}'
)
