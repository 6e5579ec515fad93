using Refrag.Aws;
using Refrag.Engine.Options;

namespace Refrag.Cli.Commands.Serve;

/// <summary>The options of <c>refrag serve</c>.</summary>
internal sealed record ServeOptions
{
    public required IReadOnlyList<string> Urls { get; init; }

    public string? State { get; init; }

    public required string Runner { get; init; }

    public string Account { get; init; } = LocalBatchOptions.UsualAccount;

    public string Region { get; init; } = AwsRegions.Usual;

    public bool Bare { get; init; }

    public bool Fleet { get; init; }

    public string? InstanceStart { get; init; }

    public string? Latency { get; init; }

    public string? ListDelay { get; init; }

    public double Clock { get; init; } = 1;

    public string? Scenario { get; init; }

    public bool PrintEnv { get; init; }

    public bool Check { get; init; }

    public bool AllowAnyCredentials { get; init; }

    public bool AllowRemote { get; init; }

    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    public IReadOnlyList<string> PassEnv { get; init; } = [];

    public string? Secrets { get; init; }

    public string? JobFolder { get; init; }

    public string? Export { get; init; }

    public string? Import { get; init; }

    public string? EventsFile { get; init; }

    public string? EventsWebhook { get; init; }

    /// <summary>Where the page listens; null for no page.</summary>
    public string? Dashboard { get; init; }
}
