"""What somebody has worked out, or was told, nobody works out again."""

from simulations.core.known import Known


def test_a_key_is_worked_out_once_while_it_is_among_the_latest():
    asked = []
    doubled = Known(lambda key: asked.append(key) or 2 * key, 2)
    assert [doubled(key) for key in (1, 2, 1, 2)] == [2, 4, 2, 4]
    assert asked == [1, 2]
    assert doubled(3) == 6
    assert doubled.get(1) is None  # of two, it was the elder
    assert doubled(2) == 4
    assert asked == [1, 2, 3]


def test_what_is_told_is_believed():
    doubled = Known(lambda key: 2 * key, 8)
    doubled.tell(4, 9)
    assert (doubled(4), doubled.get(4), doubled.get(5)) == (9, 9, None)
