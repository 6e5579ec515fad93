using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Refrag.Acceptance.Tests.Served;

namespace Refrag.Acceptance.Tests.Documents;

/// <summary>What one command of a page printed, and its exit code.</summary>
internal sealed record ConsoleCommand(int Line, string Command, IReadOnlyList<string> Shown)
{
    public string Output { get; init; } = "";

    public int ExitCode { get; init; }
}

/// <summary>
/// The consoles of a page, typed into one shell from top to bottom, in a folder with refrag's own configuration and the files that the page
/// shows. A server is started in the background on a free port, and ended with the shell.
/// </summary>
internal static partial class ConsoleSession
{
    private const string Begin = "\u0001begin ";
    private const string End = "\u0001end ";
    private static readonly string[] s_others = ["aws", "moto_server"];
    private static readonly string[] s_questions = ["--print-env", "--check"];

    // moto says where it listens on standard error, once it does; what it says later is read and dropped, so that its pipe stays empty.
    private const string StartMoto = """
        pipe=$(mktemp -u) && mkfifo "$pipe"
        moto_server -H 127.0.0.1 -p 0 >/dev/null 2>"$pipe" &
        servers+=($!)
        exec {said}<"$pipe"
        moto=
        while [ -z "$moto" ] && IFS= read -r line <&$said; do
            case $line in *'Running on '*) moto=${line##*Running on } ;; esac
        done
        cat <&$said >/dev/null &
        servers+=($!)
        [ -n "$moto" ]
        """;

    /// <summary>Types what a page shows.</summary>
    /// <param name="page">The page.</param>
    /// <param name="files">A folder whose files are there; null for none.</param>
    public static async Task<IReadOnlyList<ConsoleCommand>> RunAsync(MarkdownPage page, string? files = null)
    {
        var shown = page.Blocks.Where(IsRun)
            .SelectMany(block => block.Commands())
            .Select(command => new ConsoleCommand(command.Line, command.Command, command.Output)).ToArray();
        if (shown.Length == 0) return [];
        string folder = ScratchFolder.Make("console");
        CopyFolder(Path.Combine(Repository.Root, "conf"), Path.Combine(folder, "conf"));
        if (files is not null) CopyFolder(files, folder);

        Finished shell = await BuiltProgram.FinishAsync(
            new BuiltProgram { WorkingDirectory = folder }
                .With("PATH", $"{folder}:{Environment.GetEnvironmentVariable("PATH")}")
                .StartProgram("bash", "-c", Script(page)),
            TestContext.Current.CancellationToken);

        return [.. shown.Select(command => Ended(command, shell))];
    }

    private static string Script(MarkdownPage page)
    {
        StringBuilder script = new($$"""
            printf '#!/bin/sh\nexec "%s" "$@"\n' '{{BuiltProgram.Path}}' >refrag && chmod +x refrag
            servers=()
            trap 'kill "${servers[@]}" 2>/dev/null; wait' EXIT

            """);
        foreach (MarkdownBlock block in page.Blocks)
        {
            if (block.File is { } file)
            {
                script.Append(CultureInfo.InvariantCulture, $"mkdir -p \"$(dirname '{file}')\"\ncat >'{file}' <<'END OF FILE'\n")
                    .AppendJoin('\n', block.Lines).Append("\nEND OF FILE\n");
            }
            else if (IsRun(block))
            {
                foreach ((int line, string command, _) in block.Commands())
                {
                    script.Append(CultureInfo.InvariantCulture, $"printf '{Begin}{line}\\n'\n{{\n{Typed(command)}\n}} 2>&1\n")
                        .Append(CultureInfo.InvariantCulture, $"printf '{End}{line} %d\\n' $?\n");
                }
            }
        }
        return script.ToString();
    }

    // A console that needs a program which this machine lacks is left out.
    private static bool IsRun(MarkdownBlock block) => block is { IsConsole: true, IllustrationReason: null }
        && s_others.Where(name => block.Lines.Any(line => line.StartsWith($"$ {name} ", StringComparison.Ordinal))).All(Stock.Has);

    // A server listens on a free port, not on the one of the page, and its jobs are processes whatever this machine has.
    private static string Typed(string command)
    {
        if (command.StartsWith("moto_server ", StringComparison.Ordinal)) return StartMoto;
        if (!Serve().IsMatch(command))
            return command.Replace("http://127.0.0.1:9099", "$url", StringComparison.Ordinal)
                .Replace("http://127.0.0.1:5000", "$moto", StringComparison.Ordinal);
        if (s_questions.FirstOrDefault(question => command.Contains(question, StringComparison.Ordinal)) is { } asked)
            return command.Replace(asked, $"{asked} --urls $url", StringComparison.Ordinal);
        string runner = command.Contains("--runner", StringComparison.Ordinal) ? "" : " --runner process";
        return $$"""
            pipe=$(mktemp -u) && mkfifo "$pipe"
            {{Comment().Replace(command, "")}} --urls http://127.0.0.1:0{{runner}} >"$pipe" 2>/dev/null &
            servers+=($!)
            exec {from}<"$pipe"
            IFS= read -r line <&$from
            printf '%s\n' "$line"
            url=${line#Listening on }
            """;
    }

    private static ConsoleCommand Ended(ConsoleCommand command, Finished shell)
    {
        string begin = $"{Begin}{command.Line}\n";
        int from = shell.Output.IndexOf(begin, StringComparison.Ordinal);
        int to = shell.Output.IndexOf($"{End}{command.Line} ", StringComparison.Ordinal);
        Assert.True(from >= 0 && to >= from, $"line {command.Line} was not run: {shell}");
        return command with
        {
            Output = shell.Output[(from + begin.Length)..to],
            ExitCode = int.Parse(shell.Output[(to + $"{End}{command.Line} ".Length)..].Split('\n')[0], CultureInfo.InvariantCulture),
        };
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    [GeneratedRegex(@"\brefrag serve\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Serve();

    [GeneratedRegex(@"\s+#\s.*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();
}
