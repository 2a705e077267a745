"""Drawn scenes of dangers at work, the same for the same seed; no photo of a real place is used."""

import io
from collections.abc import Callable
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

SIZE = (960, 720)
TAKEN = (800, 600)
QUALITY = 70
Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]


class Sheet:
    """A picture in the making: coordinates run from 0 to 100 across and down."""

    def __init__(self, *, top: Colour, bottom: Colour, random: Random) -> None:
        self.random = random
        self.image = _gradient(top, bottom)
        self.pen = ImageDraw.Draw(self.image)

    def box(self, place: Box, colour: Colour) -> None:
        """Fill a rectangle."""
        self.pen.rectangle(_pixels(place), fill=colour)

    def round(self, place: Box, colour: Colour) -> None:
        """Fill an ellipse."""
        self.pen.ellipse(_pixels(place), fill=colour)

    def shape(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """Fill a polygon."""
        self.pen.polygon([_point(x, y) for x, y in points], fill=colour)

    def line(self, points: list[tuple[float, float]], colour: Colour, width: float = 1) -> None:
        """Draw a line whose width is given in hundredths of the breadth."""
        self.pen.line(
            [_point(x, y) for x, y in points],
            fill=colour,
            width=max(1, int(width * SIZE[0] / 100)),
            joint="curve",
        )

    def shade(self, place: Box, *, light: int, dark: int) -> None:
        """Fill a rectangle as if it were a lying or standing cylinder: lighter to the left."""
        left, top, right, bottom = place
        for step in range(24):
            tone = light - (light - dark) * step // 23
            part = (
                left + (right - left) * step / 24,
                top,
                left + (right - left) * (step + 1) / 24 + 0.2,
                bottom,
            )
            self.box(part, (tone, tone + 2, tone + 4))

    def glow(self, x: float, y: float, *, radius: float, colour: Colour) -> None:
        """Add light around a point."""
        light = Image.new("RGB", SIZE)
        ImageDraw.Draw(light).ellipse(_pixels((x - radius, y - radius, x + radius, y + radius)), fill=colour)
        self.image = ImageChops.add(self.image, light.filter(ImageFilter.GaussianBlur(radius * 4)))
        self.pen = ImageDraw.Draw(self.image)

    def somewhere(self, low: float, high: float) -> float:
        """Return a place between two, fixed by the seed."""
        return self.random.uniform(low, high)


def _gradient(top: Colour, bottom: Colour) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(SIZE)
    return Image.composite(Image.new("RGB", SIZE, bottom), Image.new("RGB", SIZE, top), ramp)


def _point(x: float, y: float) -> tuple[float, float]:
    return x * SIZE[0] / 100, y * SIZE[1] / 100


def _pixels(place: Box) -> Box:
    return (*_point(place[0], place[1]), *_point(place[2], place[3]))


def tanks(random: Random) -> Sheet:
    """Standing tanks with a red band, no guard rail, a box left in front."""
    sheet = Sheet(top=(122, 140, 158), bottom=(196, 204, 208), random=random)
    sheet.box((0, 78, 100, 100), (74, 76, 78))
    sheet.line([(0, 92), (100, 86)], (222, 178, 52), 1.1)
    for left in (8, 36, 64):
        sheet.shade((left, 14, left + 22, 84), light=206, dark=132)
        sheet.round((left, 8, left + 22, 22), (198, 202, 202))
        sheet.round((left, 79, left + 22, 89), (112, 116, 118))
        sheet.box((left, 46, left + 22, 50), (168, 52, 44))
        sheet.box((left + 3, 18, left + 5, 78), (228, 230, 230))
    place = sheet.somewhere(30, 70)
    sheet.box((place, 76, place + 17, 96), (122, 76, 48))
    sheet.line([(place, 83), (place + 17, 83)], (92, 54, 32), 0.5)
    return sheet


def sparks(random: Random) -> Sheet:
    """Cutting without a screen: sparks fall beside a cylinder."""
    sheet = Sheet(top=(30, 31, 36), bottom=(52, 50, 52), random=random)
    sheet.shape([(30, 0), (46, 0), (50, 40), (42, 44)], (44, 62, 96))
    sheet.box((12, 54, 92, 62), (122, 124, 128))
    sheet.box((12, 62, 92, 64), (78, 80, 84))
    sheet.shade((80, 20, 90, 88), light=96, dark=46)
    x, y = sheet.somewhere(46, 56), 52
    for _ in range(90):
        reach = sheet.somewhere(8, 44)
        way = sheet.somewhere(-0.55, 0.55)
        warm = int(sheet.somewhere(120, 220))
        sheet.line(
            [(x + way * 6, y + 3), (x + way * reach, y + reach)], (255, warm, 60), sheet.somewhere(0.1, 0.3)
        )
    sheet.glow(x, y, radius=9, colour=(255, 190, 90))
    sheet.round((x - 3, y - 4, x + 3, y + 4), (255, 252, 236))
    return sheet


def boxes(random: Random) -> Sheet:
    """Stacked goods in front of a door with a green sign."""
    sheet = Sheet(top=(182, 184, 176), bottom=(158, 158, 150), random=random)
    sheet.box((0, 84, 100, 100), (128, 126, 118))
    sheet.box((26, 12, 74, 84), (92, 122, 108))
    sheet.box((28, 14, 49, 84), (112, 142, 128))
    sheet.box((51, 14, 72, 84), (112, 142, 128))
    sheet.box((38, 2, 62, 9), (38, 138, 84))
    sheet.box((41, 4, 50, 7), (226, 244, 232))
    for row in range(5):
        for column in range(4):
            left = 20 + column * 15 + sheet.somewhere(-1.5, 1.5)
            top = 82 - row * 14
            if row == 4 and column in {0, 3}:
                continue
            brown = int(sheet.somewhere(-14, 14))
            sheet.box((left, top - 13, left + 14, top + 1), (172 + brown, 128 + brown, 84 + brown))
            sheet.box((left + 6, top - 13, left + 8, top + 1), (206 + brown, 178 + brown, 138 + brown))
            sheet.line([(left, top + 1), (left + 14, top + 1)], (108, 78, 50), 0.25)
    return sheet


def manhole(random: Random) -> Sheet:
    """An open manhole with a ladder, no fence and nobody watching."""
    sheet = Sheet(top=(122, 122, 116), bottom=(88, 88, 84), random=random)
    for _ in range(60):
        x, y = sheet.somewhere(0, 100), sheet.somewhere(0, 100)
        sheet.round((x, y, x + 1.2, y + 0.8), (104, 104, 98))
    sheet.round((22, 42, 80, 92), (142, 142, 136))
    sheet.round((27, 47, 75, 87), (22, 22, 22))
    sheet.line([(45, 8), (45, 74)], (206, 208, 202), 1)
    sheet.line([(57, 8), (57, 74)], (206, 208, 202), 1)
    for rung in range(7):
        sheet.line([(45, 14 + rung * 9), (57, 14 + rung * 9)], (188, 190, 184), 0.8)
    sheet.round((68, 24, 98, 44), (64, 64, 62))
    sheet.round((71, 26, 95, 42), (80, 80, 78))
    return sheet


def dust(random: Random) -> Sheet:
    """A grinding bench under a hood that does not run; a layer of dust on everything."""
    sheet = Sheet(top=(176, 164, 142), bottom=(196, 182, 156), random=random)
    for pillar in range(0, 100, 11):
        sheet.line([(pillar, 0), (pillar, 62)], (160, 148, 126), 0.4)
    sheet.box((0, 72, 100, 100), (142, 130, 110))
    sheet.shape([(30, 10), (70, 10), (58, 26), (42, 26)], (118, 120, 118))
    sheet.box((46, 0, 54, 10), (104, 106, 106))
    sheet.box((14, 54, 50, 84), (112, 110, 104))
    sheet.round((24, 40, 46, 68), (132, 130, 124))
    sheet.round((31, 49, 39, 59), (88, 86, 82))
    sheet.box((56, 44, 88, 84), (98, 98, 96))
    sheet.shape([(14, 54), (50, 54), (47, 51), (18, 51)], (210, 196, 166))
    sheet.shape([(56, 44), (88, 44), (84, 40.5), (60, 40.5)], (210, 196, 166))
    for _ in range(140):
        x, y = sheet.somewhere(0, 100), sheet.somewhere(10, 80)
        size = sheet.somewhere(0.2, 0.7)
        sheet.round((x, y, x + size, y + size), (222, 210, 184))
    return sheet


def ammonia(random: Random) -> Sheet:
    """A lying ammonia vessel, frosted pipes, white vapour at a valve."""
    sheet = Sheet(top=(150, 166, 182), bottom=(190, 200, 206), random=random)
    sheet.box((0, 80, 100, 100), (112, 114, 114))
    sheet.round((6, 38, 26, 72), (70, 112, 158))
    sheet.round((70, 38, 90, 72), (52, 88, 130))
    sheet.box((16, 38, 80, 72), (62, 102, 148))
    sheet.box((16, 42, 80, 47), (112, 152, 192))
    sheet.box((16, 53, 80, 57), (226, 186, 64))
    for leg in (24, 66):
        sheet.box((leg, 72, leg + 6, 84), (58, 60, 62))
    sheet.line([(48, 38), (48, 22), (84, 22), (84, 6)], (214, 224, 230), 2)
    sheet.round((44, 26, 52, 34), (172, 52, 46))
    for _ in range(26):
        x, y, size = sheet.somewhere(50, 70), sheet.somewhere(12, 34), sheet.somewhere(3, 8)
        sheet.round((x, y, x + size, y + size), (232, 238, 242))
    return sheet


def cables(random: Random) -> Sheet:
    """Temporary power: an open box, cables across a wet floor."""
    sheet = Sheet(top=(142, 140, 134), bottom=(102, 102, 100), random=random)
    sheet.box((0, 60, 100, 100), (84, 86, 88))
    sheet.round((30, 78, 84, 96), (104, 118, 128))
    sheet.box((8, 12, 36, 56), (206, 188, 66))
    sheet.box((11, 16, 33, 52), (58, 60, 62))
    for switch in range(3):
        sheet.box((14 + switch * 6.4, 22, 18 + switch * 6.4, 32), (206, 208, 206))
    for colour in ((176, 48, 42), (38, 40, 44), (44, 92, 150), (206, 160, 46), (38, 40, 44)):
        points = [(14 + sheet.somewhere(0, 14), 48.0)]
        for step in range(1, 7):
            points.append((12 + step * 14 + sheet.somewhere(-5, 5), 58 + sheet.somewhere(0, 36)))
        sheet.line(points, colour, 0.9)
    return sheet


def scaffold(random: Random) -> Sheet:
    """Work at height on planks without a rail or a line."""
    sheet = Sheet(top=(164, 188, 210), bottom=(214, 220, 222), random=random)
    sheet.box((52, 6, 100, 100), (186, 178, 164))
    for window in range(3):
        sheet.box((64, 14 + window * 28, 86, 30 + window * 28), (96, 116, 132))
    for pole in (12, 30, 48):
        sheet.line([(pole, 8), (pole, 100)], (126, 112, 84), 0.9)
    for deck in (34, 64, 94):
        sheet.box((8, deck, 54, deck + 2.4), (154, 120, 76))
    sheet.line([(12, 64), (48, 34)], (126, 112, 84), 0.7)
    x = sheet.somewhere(18, 38)
    sheet.box((x, 20, x + 5, 29), (66, 84, 124))
    sheet.box((x + 0.6, 29, x + 2, 34), (52, 54, 62))
    sheet.box((x + 3, 29, x + 4.4, 34), (52, 54, 62))
    sheet.round((x + 0.8, 13.5, x + 4.2, 20), (206, 172, 138))
    return sheet


def cylinders(random: Random) -> Sheet:
    """Gas cylinders standing loose beside a heater."""
    sheet = Sheet(top=(158, 152, 142), bottom=(132, 126, 118), random=random)
    sheet.box((0, 80, 100, 100), (96, 92, 88))
    tones = ((46, 96, 156), (46, 96, 156), (206, 208, 206), (170, 58, 48))
    for place, tone in enumerate(tones):
        left = 10 + place * 16 + sheet.somewhere(-2, 2)
        top = sheet.somewhere(22, 30)
        sheet.box((left, top, left + 12, 88), tone)
        sheet.round((left, top - 6, left + 12, top + 6), tone)
        sheet.box((left + 4.5, top - 11, left + 7.5, top - 4), (84, 84, 82))
        red, green, blue = (min(255, part + 46) for part in tone)
        sheet.box((left + 1.5, top + 4, left + 3, 86), (red, green, blue))
    sheet.box((80, 60, 94, 88), (72, 68, 66))
    for bar in range(4):
        sheet.line([(81.5, 65 + bar * 5), (92.5, 65 + bar * 5)], (238, 116, 52), 0.8)
    sheet.glow(87, 72, radius=7, colour=(150, 60, 20))
    return sheet


def press(random: Random) -> Sheet:
    """A punch press whose guard has been taken off."""
    sheet = Sheet(top=(150, 158, 160), bottom=(120, 126, 128), random=random)
    sheet.box((0, 82, 100, 100), (92, 96, 98))
    sheet.box((28, 8, 74, 86), (62, 104, 92))
    sheet.box((34, 40, 68, 62), (30, 34, 36))
    sheet.shade((44, 24, 58, 46), light=196, dark=120)
    sheet.box((36, 58, 66, 62), (164, 168, 168))
    sheet.round((60, 12, 70, 24), (52, 86, 78))
    sheet.box((78, 50, 86, 84), (74, 78, 80))
    sheet.round((79, 46, 85, 54), (182, 52, 44))
    sheet.line([(28, 88), (74, 88)], (222, 186, 58), 1.4)
    return sheet


SCENES: dict[str, Callable[[Random], Sheet]] = {
    "ammonia": ammonia,
    "boxes": boxes,
    "cables": cables,
    "cylinders": cylinders,
    "dust": dust,
    "manhole": manhole,
    "press": press,
    "scaffold": scaffold,
    "sparks": sparks,
    "tanks": tanks,
}


def draw_photo(*, scene: str, seed: int) -> bytes:
    """Return a JPEG of one of `SCENES` that looks taken by hand; the same seed gives the same bytes.

    Raises:
        KeyError: there is no such scene.
    """
    random = Random(f"{scene}:{seed}")  # noqa: S311  repeatable on purpose, nothing secret
    picture = _as_if_taken(SCENES[scene](random).image, random)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _as_if_taken(image: Image.Image, random: Random) -> Image.Image:
    """Tilt, crop, light and grain a drawing; softly, so that the file stays small."""
    image = image.filter(ImageFilter.BoxBlur(1))
    image = image.rotate(random.uniform(-3, 3), Image.Resampling.BILINEAR)
    margin = random.uniform(0.05, 0.12)
    width, height = image.size
    frame = (width * margin, height * margin, width * (1 - margin), height * (1 - margin))
    image = image.resize(TAKEN, Image.Resampling.BICUBIC, box=frame)
    if random.random() < 0.4:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    image = ImageEnhance.Brightness(image).enhance(random.uniform(0.86, 1.06))
    grain = Image.frombytes("L", (256, 192), random.randbytes(256 * 192)).resize(
        image.size, Image.Resampling.BILINEAR
    )
    return Image.blend(image, Image.merge("RGB", (grain, grain, grain)), 0.022)
