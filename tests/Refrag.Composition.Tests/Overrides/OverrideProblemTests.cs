using System.Text;
using Refrag.Composition.Overrides;
using Refrag.Composition.Sweeps;

namespace Refrag.Composition.Tests.Overrides;

/// <summary>What users read, one of each kind, in <c>problems.golden.txt</c>.</summary>
public sealed class OverrideProblemTests
{
    private static readonly string[] Arguments =
    [
        "key", "", "db.port 3306", "db/engine.x=1", "list.20s=1", "$db/x=1",
        "a=", "a=1,", "a=,1", "a=[1,2", "a={b:1", "a=f(", "a=range(1,2", "a=[1]]", "a=[1]x", "a=it's", "a='it\\'", "a='x'y", "a=f'x'",
        "a=(1)", "a=${b", "a=x\u0007y",
        "a={'b':1}", "a={b}", "a={b=1}", "a=chioce(1,2)", "a=range(stpo=3)", "a=range()", "a=range(1,2,3,4)", "a=range(1,start=2)",
        "a=int()", "a=choice(a,b=1)",
        "a=sort(list=[1],2)", "a=interval(x,1)", "a=int(x)", "a=bool('yes')", "a=int(inf)", "a=str(range(3))", "a=sort([1,b])",
        "a=choice(choice(1))", "a=tag(x)",
        "a=tag(choice(1),choice(2))", "a=choice(range(3))", "+a=extend_list(1)", "a=sort(range(0,9,0))",
    ];

    private static readonly string[][] CommandLines =
    [
        ["a=interval(0,1)"], ["a=[choice(1,2)]"], ["a=range(0,inf)"], ["a=range(0,1,0)"], ["a=zip(1,2)", "b=zip(1,2,3)"], ["a=glob(*)"],
        ["db=glob(x*)"], ["a=range(2000)", "b=range(2000)"],
    ];

    [Fact]
    public void Render_EachKind_IsTheGoldenText()
    {
        var text = new StringBuilder();
        foreach (string argument in Arguments) Append(text, argument, OverrideParser.Parse(argument).Problems);
        foreach (string[] line in CommandLines)
        {
            var options = new SweepOptions { Groups = group => group == "db" ? ["mysql", "postgresql"] : [] };
            Append(text, string.Join(' ', line), Sweep.Of(OverrideParser.ParseAll(line).Value, options).Problems);
        }
        GoldenFile.Check("problems", text.ToString());
    }

    private static void Append(StringBuilder text, string given, IReadOnlyList<Problem> problems)
    {
        string shown = given.Replace("\u0007", "<BEL>", StringComparison.Ordinal);
        text.Append("== ")
            .Append(shown).Append('\n').Append(problems.Count == 0 ? "(accepted)" : ProblemText.Render(problems)).Append("\n\n");
    }
}
