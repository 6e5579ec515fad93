using System.Globalization;

namespace Refrag.Server.Fuzz;

/// <summary>What the program is asked to do.</summary>
internal sealed record FuzzOptions
{
    public const string Usage = """
        usage: tests/fuzz/serve N SECONDS [OPTION]...
          N         requests, half of them with --fleet
          SECONDS   the longest time for them; a run that does not finish fails
          --seed NUMBER      repeats the requests of a run (default: a random seed, which is printed)
          --workers NUMBER   connections at once (default 4); with 1 the server meets the requests in the same order again
          --late SECONDS     the longest time for an answer, beside the time that the machine itself stalled (default 2)
          --memory MIB       the most resident memory after the requests (default 256)
          --only plain|fleet one of the two parts, with all N requests
          --keep             keeps the folder with the server's log and the requests
        """;

    public required long Requests { get; init; }

    public required TimeSpan Time { get; init; }

    public int Seed { get; init; } = Random.Shared.Next();

    public int Workers { get; init; } = 4;

    public TimeSpan Late { get; init; } = TimeSpan.FromSeconds(2);

    public int MemoryMiB { get; init; } = 256;

    public string? Only { get; init; }

    public bool Keep { get; init; }

    /// <summary>The program to start.</summary>
    public required string Program { get; init; }

    /// <summary>Reads the arguments; null if they are not valid.</summary>
    public static FuzzOptions? Parse(IReadOnlyList<string> args, string program)
    {
        if (args.Count < 2 || !long.TryParse(args[0], CultureInfo.InvariantCulture, out long requests)
            || Number(args[1]) is not { } seconds) return null;
        var options = new FuzzOptions { Requests = requests, Time = TimeSpan.FromSeconds(seconds), Program = program };
        for (int i = 2; i < args.Count; i++)
        {
            if (args[i] == "--keep") options = options with { Keep = true };
            else if (i + 1 < args.Count && options.With(args[i], args[++i]) is { } changed) options = changed;
            else return null;
        }
        return options;
    }

    private FuzzOptions? With(string option, string value) => (option, Number(value)) switch
    {
        ("--only", _) when value is "plain" or "fleet" => this with { Only = value },
        ("--seed", { } number) => this with { Seed = (int)number },
        ("--workers", >= 1 and <= 64 and var number) => this with { Workers = (int)number },
        ("--late", { } number) => this with { Late = TimeSpan.FromSeconds(number) },
        ("--memory", { } number) => this with { MemoryMiB = (int)number },
        _ => null,
    };

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number : null;
}
