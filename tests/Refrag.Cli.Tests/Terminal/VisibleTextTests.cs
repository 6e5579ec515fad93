using System.Reflection;
using Refrag.Cli.Terminal;

namespace Refrag.Cli.Tests.Terminal;

/// <summary>What others have written cannot control a terminal, whichever way it gets there.</summary>
public sealed class VisibleTextTests
{
    private const string Attack = "a\u001b[2Jb\rc\u0007\u0008\u007f\u0085\u009b31m\u061c\u200e\u200f\u202a\u202e\u2028\u2066\u2069d";

    [Fact]
    public void OfLines_EveryCharacter_IsShownUnlessItIsHarmless()
    {
        for (int code = 0; code <= char.MaxValue; code++)
        {
            char one = (char)code;
            bool isControl = char.IsControl(one) && one is not ('\t' or '\n');
            // The property Bidi_Control of Unicode (PropList.txt), and the separators of lines and paragraphs.
            bool isBidi =
                one is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u2028'
                    or '\u2029';
            Assert.Equal(isControl || isBidi ? $"x\\u{code:x4}y" : $"x{one}y", VisibleText.OfLines($"x{one}y"));
        }
    }

    [Fact]
    public void OfLine_LineBreakAndTab_DoNotMoveTheNextCell() => Assert.Equal("a\\u000ab c", VisibleText.OfLine("a\nb\tc"));

    [Fact]
    public void Terminal_EveryWayToWrite_ShowsControlCharacters()
    {
        foreach ((string way, Action<Cli.Terminal.Terminal> write) in Ways())
        {
            var written = new StringWriter();
            write(new Cli.Terminal.Terminal(
                written, written, name => name == "NO_COLOR" ? "1" : null, outputIsTerminal: true, errorIsTerminal: true));
            // What a screen and a status line begin and end with is refrag's own.
            string text = written.ToString()
                .Replace("\u001b[H", "", StringComparison.Ordinal)
                .Replace("\u001b[K", "", StringComparison.Ordinal)
                .Replace("\u001b[J", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
            Assert.Contains("\\u001b[2Jb\\u000dc", text, StringComparison.Ordinal);
            Assert.True(VisibleText.OfLines(text) == text, way);
        }
    }

    [Fact]
    public void Terminal_FilesAndPrograms_GetTextAsItIs()
    {
        foreach ((string way, Action<Cli.Terminal.Terminal> write) in Ways())
        {
            // A status is not written there, and a screen has positions.
            if (way is nameof(Cli.Terminal.Terminal.Status) or nameof(Cli.Terminal.Terminal.Draw)) continue;
            var written = new StringWriter();
            write(new Cli.Terminal.Terminal(written, written, _ => null, outputIsTerminal: false, errorIsTerminal: false));
            Assert.True(written.ToString().Contains(Attack, StringComparison.Ordinal), way);
        }
    }

    [Fact]
    public void Sources_NoneWritesAroundTheTerminal()
    {
        // The job's own output, and an export that goes to a pipe.
        string[] allowed = ["Terminal.cs", "ExecHost.cs", "StateMove.cs"];
        string sources = Path.Combine(RepositoryRoot(AppContext.BaseDirectory), "src");
        string[] around = [.. Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories)
            .Where(file => !allowed.Contains(Path.GetFileName(file)))
            .Where(file =>
            System.Text.RegularExpressions.Regex.IsMatch(File.ReadAllText(file),
                @"\bConsole\s*\.\s*(Out|Error|Write|WriteLine|OpenStandardOutput|OpenStandardError|SetOut|SetError)\b",
                System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10)))];
        Assert.Empty(around);
    }

    // Each public method of the terminal that takes something to write, and a table, which writes parts.
    private static IEnumerable<(string Way, Action<Cli.Terminal.Terminal> Write)> Ways()
    {
        foreach (MethodInfo method
            in typeof(Cli.Terminal.Terminal).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            if (method.IsSpecialName || method.GetParameters() is not [{ } first, ..] parameters) continue;
            Assert.Single(parameters);
            yield return (method.Name, terminal => method.Invoke(terminal, [Written(first.ParameterType)]));
        }
        yield return ("table", terminal =>
        {
            var table = new Table(terminal, [new Column("NAME"), new Column("REASON")]);
            table.Add(Attack, Attack);
            table.Flush();
        }
        );
    }

    // A way that takes another type needs a value here.
    private static object Written(Type type) =>
        type == typeof(string) ? Attack
        : type == typeof(IReadOnlyList<Cell>) ? new Cell[] { Attack, new(Attack, Tone.Bad) }
        : type == typeof(IReadOnlyList<Cell[]>) ? new Cell[][] { [Attack] }
        : type == typeof(IReadOnlyList<Problem>) ? new[] { new Problem { Code = "RF1", What = Attack, Cause = Attack, Cure = Attack } }
        : throw new ArgumentException($"Nothing is known to write as {type}.", nameof(type));

    private static string RepositoryRoot(string folder) =>
        File.Exists(Path.Combine(folder, "refrag.slnx")) ? folder : RepositoryRoot(Path.GetDirectoryName(folder)!);
}
