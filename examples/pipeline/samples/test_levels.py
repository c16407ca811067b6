"""Tests of the evaluation of readings; `python test_levels.py` runs them."""

import unittest

from levels import Reading, range_of, turning_points


class LevelsTest(unittest.TestCase):
    """What is expected of a tide that rises once."""

    def setUp(self) -> None:
        self.readings = [Reading("00:00", 400), Reading("06:00", 560), Reading("12:00", 405)]

    def test_high_water_is_a_turning_point(self) -> None:
        """The highest of three readings is found."""
        self.assertEqual(turning_points(self.readings), self.readings[1:2])  # noqa: PT009

    def test_range(self) -> None:
        self.assertEqual(range_of(self.readings), 160)  # noqa: PT009


if __name__ == "__main__":
    unittest.main()
