using Refrag.Composition.Overrides;

namespace Refrag.Composition.Tests.Overrides;

public sealed class OverrideParserTests
{
    private static readonly OverrideOptions Reference = new() { Dialect = OverrideDialect.Hydra };

    [Theory]
    [InlineData("db=mysql", OverrideKind.Change, "db", null)]
    [InlineData("+db/engine@backup.x=inno", OverrideKind.Add, "db/engine", "backup.x")]
    [InlineData("++a.0.b=1", OverrideKind.ForceAdd, "a.0.b", null)]
    [InlineData("~a@", OverrideKind.Delete, "a", "")]
    [InlineData("@pkg=1", OverrideKind.Change, "", "pkg")]
    [InlineData("items[0].x=1", OverrideKind.Change, "items[0].x", null)]
    [InlineData(@"a\.b=1", OverrideKind.Change, @"a\.b", null)]
    [InlineData("list=extend_list(1)", OverrideKind.ExtendList, "list", null)]
    public void Parse_Key_HasKindPathAndPackage(string text, OverrideKind kind, string key, string? package)
    {
        Override read = OverrideParser.Parse(text).Value;
        Assert.Equal((kind, key, package), (read.Kind, read.Key, read.Package));
    }

    [Fact]
    public void Parse_Parts_KnowsWhereTheyStand()
    {
        Override read = OverrideParser.Parse("+db/engine@backup= inno").Value;
        Assert.Equal(new ArgumentPlace(read.Text, 2, 9), read.KeyPlace);
        Assert.Equal(new ArgumentPlace(read.Text, 12, 6), read.PackagePlace);
        Assert.Equal(new ArgumentPlace(read.Text, 20, 4), read.ValuePlace);
    }

    // Accepted beyond the reference: the value, and by which extension.
    [Theory]
    [InlineData("ckpt=runs/lr=0.1/last.pt", "runs/lr=0.1/last.pt", OverrideExtensions.LaterEquals)]
    [InlineData("a=b==c", "b==c", OverrideExtensions.LaterEquals)]
    [InlineData("a=#1!&;x", "#1!&;x", OverrideExtensions.Punctuation)]
    [InlineData("home=~/data", "~/data", OverrideExtensions.Punctuation)]
    [InlineData("name=größe", "größe", OverrideExtensions.Unicode)]
    [InlineData("größe=1", "1", OverrideExtensions.Unicode)]
    [InlineData("a=${f:${b},{c:1}}", "${f:${b},{c:1}}", OverrideExtensions.NestedInterpolation)]
    [InlineData("a=${f:'}'}", "${f:'}'}", OverrideExtensions.None | OverrideExtensions.NestedInterpolation)]
    [InlineData("a='b' ", "b", OverrideExtensions.SpaceAfterQuote)]
    public void Parse_Unambiguous_IsAcceptedThoughTheReferenceRefuses(string text, string value, OverrideExtensions extension)
    {
        Assert.False(OverrideParser.Parse(text, Reference).IsSuccess);
        Override read = OverrideParser.Parse(text).Value;
        Assert.Equal(
            value, read.Value switch { QuotedValue quoted => quoted.Text, TextValue plain => plain.Text, var other => other!.ToString() });
        Assert.Equal(extension, read.Extensions);
    }

    // What the reference accepts stays what it is there, though it looks like an extension.
    [Theory]
    [InlineData("a={b: ${c:${d}}", "{b:$\\{c\\:$\\{d\\}}")]
    [InlineData("a=choice(x)", "choice(x)")]
    [InlineData("a=007", "007")]
    [InlineData("a=1___0", "1___0")]
    [InlineData("a={1:x,true:y,1.0:z}", "{1:z}")]
    public void Parse_AcceptedByTheReference_KeepsItsMeaning(string text, string printed)
    {
        Override read = OverrideParser.Parse(text).Value;
        Assert.Equal(printed, read.Value!.ToString());
        Assert.Equal(OverrideExtensions.None, read.Extensions);
    }

    [Fact]
    public void Parse_IntegerOfAnySize_IsExact() =>
        Assert.Equal("123456789012345678901234567890", OverrideParser.Parse("a=123456789012345678901234567890").Value.Value!.ToString());

    [Fact]
    public void Parse_IntegerOfTooManyDigits_IsRefused()
    {
        Assert.True(OverrideParser.Parse($"a={new string('9', 4300)}").IsSuccess);
        Assert.Equal("RF1107", Assert.Single(OverrideParser.Parse($"a={new string('9', 100_000)}").Problems).Code);
    }

    [Fact]
    public void ParseAll_SeveralMistakes_ReportsAll() =>
        Assert.Equal(["RF1104", "RF1103", "RF1120"],
            OverrideParser.ParseAll(["a", "b=[1", "c=1", "d=chioce(1)"]).Problems.Select(problem => problem.Code));

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Parse_DeepNesting_IsRefusedAndNotAnEndOfTheStack(char open, char close)
    {
        string opening = open == '{' ? "{a:" : "[";
        string Nested(int depth) => $"a={string.Concat(Enumerable.Repeat(opening, depth))}1{new string(close, depth)}";
        Assert.True(OverrideParser.Parse(Nested(256)).IsSuccess);
        Assert.Equal("RF1108", Assert.Single(OverrideParser.Parse(Nested(257)).Problems).Code);
        Assert.Equal("RF1108", Assert.Single(OverrideParser.Parse(Nested(100_000)).Problems).Code);
    }

    [Fact]
    public void Parse_DeepInterpolation_IsRead() =>
        Assert.True(OverrideParser.Parse($"a={string.Concat(Enumerable.Repeat("${a:", 50_000))}x{new string('}', 50_000)}").IsSuccess);

    [Theory]
    [InlineData("sort(3,1,2)", "int(1,2,3)")]
    [InlineData("sort([b,a,c],reverse=true)", "[c,b,a]")]
    [InlineData("sort(range(0,5,2),reverse=true)", "range(4,-2,-2)")]
    [InlineData("tag(b,a,b,choice(1,2))", "tag(a,b,choice(1,2))")]
    [InlineData("int(choice(1.9,'2',true))", "choice(1,2,1)")]
    [InlineData("json_str({a:[1,x,null]})", "str('{\"a\": [1, \"x\", null]}')")]
    [InlineData("json_str('é')", "str('\"\\u00e9\"')")]
    [InlineData("str([1,{a:2.50}])", "[str('1'),{a:str('2.5')}]")]
    [InlineData("bool(null)", "False")]
    [InlineData("glob([a*,b],exclude=c)", "glob(['a*','b'],['c'])")]
    [InlineData("range(3)", "range(0,3,1)")]
    public void ParseValue_Function_IsEvaluated(string text, string printed)
    {
        OverrideValue value = OverrideParser.ParseValue(text).Value;
        Assert.Equal(printed, OverridePrinter.Print(value));
    }
}
