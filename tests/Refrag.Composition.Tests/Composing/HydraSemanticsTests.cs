namespace Refrag.Composition.Tests.Composing;

/// <summary>What Hydra 1.3 does, one case a line: defaults lists, packages, experiments, deletions.</summary>
public sealed class HydraSemanticsTests
{
    private const string Groups = """
        == config
        defaults:
          - db: mysql
          - server: apache
        top: 1
        == db/mysql
        name: mysql
        port: 3306
        == db/postgresql
        name: postgresql
        port: 5432
        == db/tuned
        defaults:
          - mysql
        port: 1
        == server/apache
        defaults:
          - site: blog
        host: h
        == server/site/blog
        title: blog
        == server/site/shop
        title: shop
        == server/nginx
        defaults:
          - site@extra: shop
          - /db@backup: postgresql
        host: n
        == experiment/a
        # @package _global_
        defaults:
          - override /db: postgresql
          - override /server/site: shop
        top: 2
        == experiment/b
        # @package _global_
        defaults:
          - a
          - override /db: mysql
        == experiment/here
        # @package _global_
        defaults:
          - /db@second: postgresql
        == experiment/literal
        # @package _global_
        defaults:
          - /db@_here_.second: postgresql
        == experiment/group
        defaults:
          - /db@_group_.second: postgresql
        mine: 1
        == experiment/nested
        defaults:
          - /db@_here_: postgresql
        mine: 1
        """;

    [Theory]
    [InlineData("", "{db:{name:mysql,port:3306},server:{site:{title:blog},host:h},top:1}")]
    [InlineData("db=postgresql", "{db:{name:postgresql,port:5432},server:{site:{title:blog},host:h},top:1}")]
    [InlineData("db=tuned", "{db:{name:mysql,port:1},server:{site:{title:blog},host:h},top:1}")]
    [InlineData("server/site=shop ~db", "{server:{site:{title:shop},host:h},top:1}")]
    [InlineData("~db=mysql ~server", "{top:1}")]
    [InlineData("~db=postgresql", "RF1514")]
    [InlineData("server=nginx ~db", "{server:{extra:{title:shop},backup:{name:postgresql,port:5432},host:n},top:1}")]
    [InlineData("+experiment=a", "{db:{name:postgresql,port:5432},server:{site:{title:shop},host:h},top:2}")]
    [InlineData("+experiment=a db=mysql", "{db:{name:mysql,port:3306},server:{site:{title:shop},host:h},top:2}")]
    [InlineData(
        "+experiment=here", "{db:{name:mysql,port:3306},server:{site:{title:blog},host:h},top:1,second:{name:postgresql,port:5432}}")]
    [InlineData("+experiment=literal ~server", "{db:{name:mysql,port:3306},top:1,_here_:{second:{name:postgresql,port:5432}}}")]
    [InlineData("+experiment=group ~server", "{db:{name:mysql,port:3306,second:{name:postgresql,port:5432}},top:1,experiment:{mine:1}}")]
    [InlineData("+experiment=nested",
        "{db:{name:mysql,port:3306},server:{site:{title:blog},host:h},top:1,experiment:{name:postgresql,port:5432,mine:1}}")]
    [InlineData("+db@store=postgresql ~server", "{db:{name:mysql,port:3306},top:1,store:{name:postgresql,port:5432}}")]
    [InlineData("+db@_global_=postgresql ~server ~db", "{top:1,name:postgresql,port:5432}")]
    [InlineData("db.port=1 ~server", "{db:{name:mysql,port:1},top:1}")]
    [InlineData("+db.user=me ~server", "{db:{name:mysql,port:3306,user:me},top:1}")]
    [InlineData("++db.user.name=me ++db.port=2 ~server", "{db:{name:mysql,port:2,user:{name:me}},top:1}")]
    [InlineData("~db.port ~server", "{db:{name:mysql},top:1}")]
    [InlineData("~db.port=3306 ~server", "{db:{name:mysql},top:1}")]
    [InlineData("~db.port=1", "RF1604")]
    [InlineData("db.prot=1", "RF1601")]
    [InlineData("+db.port=1", "RF1602")]
    [InlineData("top=[choice(1,2)]", "RF1141")]
    [InlineData("top={a:extend_list(1)}", "RF1141")]
    public void Compose_Groups_AsHydra(string overrides, string expected) => Assert.Equal(expected, Tree.Compose(Groups, overrides));

    [Theory]
    [InlineData("== config\ndefaults:\n  - g: [a, b]\n== g/a\nx: 1\ny: 1\n== g/b\ny: 2\n", "", "{g:{x:1,y:2}}")]
    [InlineData("== config\ndefaults:\n  - g: [a, b]\n== g/a\nx: 1\ny: 1\n== g/b\ny: 2\n", "g=[b,a]", "{g:{y:1,x:1}}")]
    [InlineData("== config\ndefaults:\n  - g: [a]\n== g/a\nx: 1\n== g/b\ny: 2\n", "g=b", "{g:{y:2}}")]
    [InlineData("== config\ndefaults:\n  - optional g: none\n  - _self_\nx: 1\n", "", "{x:1}")]
    [InlineData("== config\ndefaults:\n  - optional g: no\n  - _self_\nx: 1\n", "", "RF1502")]
    [InlineData("== config\ndefaults:\n  - g: null\nx: 1\n== g/a\ny: 1\n", "", "{x:1}")]
    [InlineData("== config\ndefaults:\n  - g: null\nx: 1\n== g/a\ny: 1\n", "g=a", "{g:{y:1},x:1}")]
    [InlineData(
        "== config\ndefaults:\n  - g: a\n  - optional h: ${g}_x\n== g/a\ny: 1\n== g/b\ny: 2\n== h/a_x\nz: 1\n", "", "{g:{y:1},h:{z:1}}")]
    [InlineData("== config\ndefaults:\n  - g: a\n  - optional h: ${g}_x\n== g/a\ny: 1\n== g/b\ny: 2\n== h/a_x\nz: 1\n", "g=b", "{g:{y:2}}")]
    [InlineData("== config\ndefaults:\n  - _self_\n  - g: a\ng:\n  y: 9\n== g/a\ny: 1\n", "", "{g:{y:1}}")]
    [InlineData("== config\ndefaults:\n  - g: a\n  - _self_\ng:\n  y: 9\n== g/a\ny: 1\n", "", "{g:{y:9}}")]
    [InlineData("== config\ndefaults:\n  - base\nx: 2\n== base\nx: 1\nz: 3\n", "", "{x:2,z:3}")]
    [InlineData("== config\ndefaults:\n  - g@a: o\n  - g@b: o\n== g/o\ny: 1\n", "", "{a:{y:1},b:{y:1}}")]
    [InlineData("== config\ndefaults:\n  - g@a: o\n  - g@b: o\n== g/o\ny: 1\n== g/p\ny: 2\n", "g@b=p", "{a:{y:1},b:{y:2}}")]
    [InlineData("== config\ndefaults:\n  - g: o\n== g/o\n# @package _global_\ny: 1\n", "", "{y:1}")]
    [InlineData("== config\ndefaults:\n  - g: o\n== g/o\n# @package k._group_\ny: 1\n", "", "{k:{g:{y:1}}}")]
    [InlineData("== config\ndefaults:\n  - g: o\n== g/o\n# @package k.l\ny: 1\n", "", "{k:{l:{y:1}}}")]
    [InlineData("== config\ndefaults:\n  - g@_group_.k: o\n== g/o\ny: 1\n", "", "{g:{k:{y:1}}}")]
    [InlineData("== config\ndefaults:\n  - g@_group_: o\n== g/o\ny: 1\n== g/p\ny: 2\n", "g=p", "{g:{y:2}}")]
    [InlineData("== config\ndefaults:\n  - g: ???\n== g/o\ny: 1\n", "g=o", "{g:{y:1}}")]
    [InlineData("== config\ndefaults:\n  - g/h: o\n== g/h/o\ny: 1\n", "", "{g:{h:{y:1}}}")]
    [InlineData("== config\ndefaults:\n  - g: o\n== g/o\ndefaults:\n  - h@_global_: p\ny: 1\n== g/h/p\nz: 2\n", "", "{z:2,g:{y:1}}")]
    [InlineData("== config\ndefaults:\n  - g: a/o\n== g/a/o\ny: 1\n", "", "{g:{y:1}}")]
    [InlineData("== config\ndefaults:\n  - g: a/o\n== g/a/o\ny: 1\n== g/a/p\ny: 2\n", "g=a/p", "{g:{y:2}}")]
    [InlineData("== config\ndefaults:\n  - g: a\n== g/a\ndefaults:\n  - ../h@h: o\ny: 1\n== h/o\nz: 1\n", "", "{g:{h:{z:1},y:1}}")]
    [InlineData("== config\ndefaults:\n  - g: a\n== g/a\ndefaults:\n  - ../h: o\n== h/o\nz: 1\n", "", "RF1523")]
    [InlineData("== config\ndefaults:\n  - ../h: o\n== h/o\nz: 1\n", "", "RF1517")]
    [InlineData("== config\ndefaults:\n  - g: a\n== g/a\n# @package _group_\ny: 1\n", "", "{g:{y:1}}")]
    [InlineData("== config\ndefaults:\n  - g: a\n== g/a\n# @package m._name_\ny: 1\n", "", "{m:{a:{y:1}}}")]
    [InlineData(
        "== config\ndefaults:\n  - g: a\n== g/a\ny: 1\n== g/b\ny: 2\n== g/c\ny: 3\n== e/x\n# @package _global_\n"
            + "defaults:\n  - override /g: b\n  - override /g: c\n", "+e=x", "{g:{y:2}}")]
    [InlineData("== config\nx: 1\n== g/o\ny: 1\n", "+g=o +g@k=o", "{x:1,g:{y:1},k:{y:1}}")]
    public void Compose_Defaults_AsHydra(string files, string overrides, string expected) =>
        Assert.Equal(expected, Tree.Compose(files, overrides));

    [Theory]
    [InlineData("a: [1, 2]", "a=extend_list(3)", "{a:[1,2,3]}")]
    [InlineData("a: [1, 2]", "a=[9]", "{a:[9]}")]
    [InlineData("a: [1, 2]", "a.0=9", "{a:[9,2]}")]
    [InlineData("a: {x: 1, y: 2}", "a={x:5}", "{a:{x:5,y:2}}")]
    [InlineData("a: {x: 1, y: 2}", "a=replace({x:5})", "{a:{x:5}}")]
    [InlineData("a: {x: 1, y: 2}", "a=replace({z:5})", "{a:{z:5}}")]
    [InlineData("a: {x: 1, y: 2}", "++a=replace({})", "{a:{}}")]
    [InlineData("a: {x: 1, y: 2}", "a={z:5}", "RF1401")]
    [InlineData("a: {x: 1, y: 2}", "+a={z:5}", "{a:{x:1,y:2,z:5}}")]
    [InlineData("a: {x: 1}", "a=null", "{a:None}")]
    [InlineData("a: null", "a={x:1}", "{a:{x:1}}")]
    [InlineData("a: null", "+a=1", "{a:1}")]
    [InlineData("a: ???", "a=1", "{a:1}")]
    [InlineData("a: 1\nb: ${a}", "a=2", "{a:2,b:2}")]
    [InlineData("a: {x: 1}\nb: ${a}", "b.x=2", "RF1601")]
    [InlineData("a: 1", "a='x,y'", "{a:x,y}")]
    [InlineData("a: 1", "a=x\\,y", "{a:x,y}")]
    [InlineData("a: 1", "a=${oc.env:NOT,7}", "{a:7}")]
    [InlineData("a: 1", "a=runs/lr=0.1/last.pt", "{a:runs/lr=0.1/last.pt}")]
    public void Compose_Values_AsHydra(string body, string overrides, string expected) =>
        Assert.Equal(expected, Tree.Compose($"== config\n{body}\n", overrides));
}
