using System.Text;

namespace Refrag.Cli.Terminal;

/// <summary>
/// The one place that writes: results to standard output, everything meant for people on the way to standard error. Where JSON was asked
/// for, standard output carries JSON alone.
/// </summary>
internal sealed class Terminal(TextWriter output, TextWriter error, Func<string, string?> variable, bool outputIsTerminal, bool errorIsTerminal)
{
    private const string Reset = "\u001b[0m";
    private readonly Lock _lock = new();

    /// <summary>Standard output and standard error of this process.</summary>
    public static Terminal OfProcess() => new(
        Utf8(Console.OpenStandardOutput()),
        Utf8(Console.OpenStandardError()),
        Environment.GetEnvironmentVariable,
        !Console.IsOutputRedirected,
        !Console.IsErrorRedirected);

    /// <summary>Whether standard output may carry colours. (no-color.org)</summary>
    public bool OutputHasColor => outputIsTerminal && AllowsColor;

    /// <summary>Whether standard error may carry colours.</summary>
    public bool ErrorHasColor => errorIsTerminal && AllowsColor;

    private bool AllowsColor => string.IsNullOrEmpty(variable("NO_COLOR")) && variable("TERM") != "dumb";

    /// <summary>A line of the result.</summary>
    public void Output(string line) => Write(output, line);

    /// <summary>A line for people: progress, state, explanation.</summary>
    public void Note(string line) => Write(error, ErrorHasColor ? $"\u001b[2m{line}{Reset}" : line);

    /// <summary>A line of what a job printed to its standard error, or another line that is no note of refrag's own.</summary>
    public void Error(string line) => Write(error, line);

    /// <summary>Problems, with code and sentence in red where colours are shown, and how many there are where several.</summary>
    public void Problems(IReadOnlyList<Problem> problems)
    {
        foreach (Problem problem in problems)
        {
            string text = ProblemText.Render(problem);
            int head = text.IndexOf('\n', StringComparison.Ordinal);
            Write(error, ErrorHasColor && head > 0 ? $"\u001b[31m{text[..head]}{Reset}{text[head..]}\n" : text + "\n");
        }
        if (problems.Count > 1) Write(error, $"{problems.Count} problems; nothing was sent.");
    }

    private void Write(TextWriter writer, string line)
    {
        lock (_lock)
        {
            try
            {
                writer.Write(line);
                writer.Write('\n');
                writer.Flush();
            }
            catch (IOException)
            {
                // The reader went away, as in `refrag … | head -1`: what is under way is not ended for that.
            }
        }
    }

    private static StreamWriter Utf8(Stream stream) => new(stream, new UTF8Encoding(false)) { AutoFlush = false };
}
