from tests.disclosure import making
import pytest
from disclosure.models import NoticeKind

def test_x(cast, client):
    for kind in NoticeKind.values:
        it = making.published(cast, kind=kind)
        making.revised(cast, it)
    new = making.published(cast, supersedes=it)
    for a in ("/disclosure/", "/disclosure/notices/", "/disclosure/notices/?kind=power", "/disclosure/catalogue/", "/disclosure/catalogue.csv","/disclosure/catalogue.xlsx","/disclosure/topics/elderly-care/","/disclosure/topics/elderly-care/feed/", f"/disclosure/notices/{it.code}/", f"/disclosure/notices/{new.code}/",f"/disclosure/notices/{it.code}/versions/2/", "/corrections/","/sitemap-topics.xml"):
        r = client.get(a)
        assert r.status_code == 200, a
        t = b"".join(r) if r.streaming else r.content
        open("/tmp/out_"+a.strip("/").replace("/","_").replace("?","_")+".html","wb").write(t)
        assert "不一致" not in t.decode("utf8","replace"), a
    making.withdrawn(cast, it)
    assert client.get(f"/disclosure/notices/{it.code}/").status_code == 410
