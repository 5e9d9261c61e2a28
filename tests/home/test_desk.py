"""What the desk's front page says to each role that has nothing to do there."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("official", "查看记在您名下的诚信记录"),
        ("panel", "现在没有由您办理的事"),
        ("outsider", "还没有任用资格"),
        ("supervisor", "督导员只查看，不办理"),
        ("clerk", "有人退回、有承诺快到期、有审查等您时"),
        ("reviewer", "有审查等您时，会出现在这里"),
    ],
)
def test_an_empty_desk_says_what_is_true_of_the_role(cast, signed_in, who, said):
    sentences = {"现在没有由您办理的事", "还没有任用资格", "督导员只查看，不办理"}
    main = signed_in(getattr(cast, who)).get(reverse("desk")).content.decode().partition("<main")[2]
    assert said in main
    assert not any(other in main for other in sentences - {said})
