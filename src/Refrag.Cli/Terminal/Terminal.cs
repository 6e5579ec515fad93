using System.Text;

namespace Refrag.Cli.Terminal;

/// <summary>
/// The one place that writes: results to standard output, everything meant for people on the way to standard error. Where JSON was asked
/// for, standard output carries JSON alone. What goes to a terminal is made visible (<see cref="VisibleText"/>); files and other programs
/// get it as it is.
/// </summary>
internal sealed class Terminal(
    TextWriter output, TextWriter error, Func<string, string?> variable, bool outputIsTerminal, bool errorIsTerminal)
{
    private const string Reset = "\u001b[0m";
    private const string ClearLine = "\r\u001b[K";

    // PIPE_BUF of Linux: up to this the kernel mixes no line with what a job writes into the same pipe. (pipe(7))
    private const int WholeWrite = 4096;

    private readonly Lock _lock = new();
    private bool _hasStatus;

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

    /// <summary>Whether a person may read standard output as it comes, rather than a file or another program.</summary>
    public bool OutputIsTerminal => outputIsTerminal;

    /// <summary>How many columns standard output has; null if it is no terminal, and then nothing is cut.</summary>
    public int? Width
    {
        get
        {
            if (int.TryParse(variable("COLUMNS"), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture,
                out int columns) && columns > 0)
                return columns;
            if (!outputIsTerminal) return null;
            int width = Console.WindowWidth;
            return width > 0 ? width : null;
        }
    }

    /// <summary>Whether <see cref="Status"/> shows anything.</summary>
    public bool ShowsStatus => errorIsTerminal && variable("TERM") != "dumb";

    /// <summary>
    /// Why a part of the result could not be written, such as a full disk; null if all was. A reader that went away is no reason.
    /// </summary>
    public string? OutputFault { get; private set; }

    /// <summary>How often something was written; a status is not counted.</summary>
    public long Writes { get; private set; }

    private bool AllowsColor => string.IsNullOrEmpty(variable("NO_COLOR")) && variable("TERM") != "dumb";

    /// <summary>How many lines standard output has; 24 where that is not known.</summary>
    public int Height => outputIsTerminal && Console.WindowHeight > 0 ? Console.WindowHeight : 24;

    /// <summary>Takes the whole screen, and keeps what was there for <see cref="LeaveScreen"/>.</summary>
    public void EnterScreen() => Write(output, "\u001b[?1049h\u001b[?25l", end: "");

    /// <summary>Gives the screen back as it was.</summary>
    public void LeaveScreen() => Write(output, "\u001b[?25h\u001b[?1049l", end: "");

    /// <summary>Draws a whole screen over the last one, line by line, so that nothing flickers.</summary>
    public void Draw(IReadOnlyList<Cell[]> lines) =>
        Write(output, "\u001b[H" + string.Join("\u001b[K\r\n", lines.Select(Rendered)) + "\u001b[K\u001b[J", end: "");

    /// <summary>Empties the screen, for what is shown anew.</summary>
    public void Clear() => Write(output, "\u001b[H\u001b[2J", end: "");

    /// <summary>A line of the result.</summary>
    public void Output(string line) => Write(output, OnOutput(line));

    /// <summary>The result as a writer, for libraries that write by themselves.</summary>
    public TextWriter OutputWriter() => new ResultWriter(this);

    /// <summary>A line of the result whose parts have colours.</summary>
    public void Output(IReadOnlyList<Cell> parts) => Write(output, Rendered(parts));

    /// <summary>A line for people: progress, state, explanation.</summary>
    public void Note(string line) => Write(error, ErrorHasColor ? $"\u001b[2m{OnError(line)}{Reset}" : OnError(line));

    /// <summary>
    /// Shows what is under way, on a line that the next output takes away again; null takes it away now. Nothing where no person looks.
    /// </summary>
    public void Status(string? text)
    {
        if (!ShowsStatus) return;
        lock (_lock)
        {
            if (text is null && !_hasStatus) return;
            _hasStatus = text is not null;
            Put(error, ClearLine + (text is null ? "" : ErrorHasColor ? $"\u001b[2m{OnError(text)}{Reset}" : OnError(text)));
        }
    }

    /// <summary>A line of what a job printed to its standard error, or another line that is no note of refrag's own.</summary>
    public void Error(string line) => Write(error, OnError(line));

    /// <summary>Problems, with code and sentence in red where colours are shown, and how many there are where several.</summary>
    public void Problems(IReadOnlyList<Problem> problems)
    {
        foreach (Problem problem in problems)
        {
            string text = OnError(ProblemText.Render(problem));
            int head = text.IndexOf('\n', StringComparison.Ordinal);
            Write(error, ErrorHasColor && head > 0 ? $"\u001b[31m{text[..head]}{Reset}{text[head..]}\n" : text + "\n");
        }
        if (problems.Count > 1) Write(error, $"{problems.Count} problems; nothing was sent.");
    }

    /// <summary>What is accepted and most likely not meant, with its sentence in yellow where colours are shown.</summary>
    public void Warnings(IReadOnlyList<Problem> warnings)
    {
        foreach (Problem warning in warnings)
        {
            string text = "warning " + OnError(ProblemText.Render(warning));
            int head = text.IndexOf('\n', StringComparison.Ordinal);
            Write(error, ErrorHasColor && head > 0 ? $"\u001b[33m{text[..head]}{Reset}{text[head..]}\n" : text + "\n");
        }
    }

    private string OnOutput(string text) => outputIsTerminal ? VisibleText.OfLines(text) : text;

    private string OnError(string text) => errorIsTerminal ? VisibleText.OfLines(text) : text;

    private string Rendered(IReadOnlyList<Cell> parts) => string.Concat(parts.Select(part =>
    {
        string text = outputIsTerminal ? VisibleText.OfLine(part.Text) : part.Text;
        return OutputHasColor ? Cell.Paint(text, part.Tone) : text;
    }));

    private void WriteText(string text) => Write(output, OnOutput(text), end: "");

    private void Write(TextWriter writer, string line, string end = "\n")
    {
        lock (_lock)
        {
            if (_hasStatus) Put(error, ClearLine);
            _hasStatus = false;
            Writes++;
            Put(writer, line + end);
        }
    }

    // What is under way is not ended because its output cannot be read. The runtime says nothing of a reader that went away, as in
    // `refrag … | head -1`.
    private void Put(TextWriter writer, string text)
    {
        try
        {
            writer.Write(text);
            writer.Flush();
        }
        catch (IOException fault)
        {
            if (writer == output) OutputFault ??= fault.Message;
        }
    }

    private sealed class ResultWriter(Terminal terminal) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(string? value) => terminal.WriteText(value ?? "");

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void WriteLine(string? value) => Write(value + "\n");
    }

    private static StreamWriter Utf8(Stream stream) => new(stream, new UTF8Encoding(false), WholeWrite) { AutoFlush = false };
}
