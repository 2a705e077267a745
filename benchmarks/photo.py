"""A photo such as a phone takes: twelve megapixels with grain, so that it compresses like a real one."""

import io

from PIL import Image

WIDTH, HEIGHT = 4032, 3024
GRAIN = 40
QUALITY = 90


def twelve_megapixels() -> bytes:
    """Return one JPEG of 4 032 × 3 024 pixels and about four megabytes."""
    ramp = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    small = (WIDTH // 2, HEIGHT // 2)
    channels = [
        Image.blend(ramp, Image.effect_noise(small, GRAIN).resize((WIDTH, HEIGHT)), 0.5) for _ in range(3)
    ]
    exif = Image.Exif()
    exif[0x010F] = "Bench"
    out = io.BytesIO()
    Image.merge("RGB", channels).save(out, "JPEG", quality=QUALITY, exif=exif)
    return out.getvalue()
