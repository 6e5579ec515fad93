using Refrag.Apps;

namespace Refrag.Cli.Context;

/// <summary>What every verb has at hand.</summary>
internal sealed record CliContext
{
    public required Terminal.Terminal Terminal { get; init; }

    public required AppRegistry Apps { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Looks an environment variable up; null if it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Where the user stands.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>SIGINT, SIGTERM and SIGHUP, as a token.</summary>
    public required Signals Signals { get; init; }

    public static CliContext OfProcess(AppRegistry apps) => new()
    {
        Terminal = Cli.Terminal.Terminal.OfProcess(),
        Apps = apps,
        Time = TimeProvider.System,
        Variable = Environment.GetEnvironmentVariable,
        WorkingDirectory = Directory.GetCurrentDirectory(),
        Signals = new Signals(),
    };
}
