namespace Refrag.Diagnosis;

/// <summary>Words of AWS, of the container engine or of a log that show why a job ended.</summary>
/// <param name="Code">The cause's code.</param>
/// <param name="What">The cause in one sentence.</param>
/// <param name="Cure">What helps.</param>
/// <param name="Command">The command that does it; null if there is none.</param>
internal sealed record EndSign(string Code, string What, string Cure, string? Command = null)
{
    /// <summary>Names of errors; one of them must stand in its place; empty if there need be none.</summary>
    public string[] Errors { get; init; } = [];

    /// <summary>Phrases; one of them must stand there as whole words; empty if the error's name is enough.</summary>
    public string[] Any { get; init; } = [];

    /// <summary>A phrase that must stand there too; null for none.</summary>
    public string? With { get; init; }

    /// <summary>What must hold of the text too; null for nothing.</summary>
    public Func<string, bool>? Where { get; init; }

    /// <summary>Phrases that show another cause.</summary>
    public string[] Not { get; init; } = [];

    /// <summary>A phrase that another line of the log's end must have; null for none.</summary>
    public string? Beside { get; init; }

    /// <summary>A phrase in another line of the log's end that shows another cause; null for none.</summary>
    public string? NotBeside { get; init; }

    /// <summary>Whether the phrases count in the log too.</summary>
    public bool InLog { get; init; }

    /// <summary>Phrases that count in the log alone, in this spelling.</summary>
    public string[] LogOnly { get; init; } = [];

    /// <summary>What a whole line of the log ends with that begins with <c>exec</c> and a path: the kernel's answer.</summary>
    public string? LogAnswer { get; init; }

    /// <summary>The code of another row that the same words may stand for; null if there is none.</summary>
    public string? Near { get; init; }

    /// <summary>Whether it says only where it failed, and any exact sign says more.</summary>
    public bool IsGeneral { get; init; }

    /// <summary>Whether its words are no failure by themselves: it is an answer where nothing else is, and only a possible one.</summary>
    public bool IsHint { get; init; }

    /// <summary>Whether its words say nothing of a job that has no GPU.</summary>
    public bool NeedsGpu { get; init; }

    /// <summary>Whether it shows that the host is gone, for whatever reason.</summary>
    public bool IsHost { get; init; }

    /// <summary>Whether a text shows it.</summary>
    /// <param name="text">Words of AWS, or a line of the log.</param>
    /// <param name="inLog">Whether it is a line of the log.</param>
    /// <param name="log">The lines of the log's end.</param>
    public bool Shows(string text, bool inLog, IReadOnlyList<string> log)
    {
        if (Not.Any(w => AwsWords.Has(text, w)) || (NotBeside is { } other && Has(log, other))) return false;
        if (Beside is { } needed && !Has(log, needed)) return false;
        if (inLog && (LogOnly.Any(w => AwsWords.Has(text, w, StringComparison.Ordinal)) || Answers(text))) return true;
        return (InLog || !inLog)
            && (Errors.Length == 0 || Errors.Any(e => AwsWords.Names(text, e)))
            && (Any.Length == 0 || Any.Any(w => AwsWords.Has(text, w)))
            && (With is null || AwsWords.Has(text, With))
            && (Where is null || Where(text))
            && Errors.Length + Any.Length > 0;
    }

    private static bool Has(IReadOnlyList<string> log, string phrase) =>
        log.Any(line => line.Contains(phrase, StringComparison.Ordinal));

    private bool Answers(string line) => LogAnswer is { } answer
        && line.StartsWith("exec ", StringComparison.Ordinal) && line.TrimEnd().EndsWith($": {answer}", StringComparison.Ordinal);
}
